"""Whether a login of before is enough for what a client asks now (OpenID Connect Core 3.1.2.1 and 3.1.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.tokens.id_token import PASSKEY, TWO_FACTORS, acr_of

if TYPE_CHECKING:
    from smartident.oidc.authorization_request import AuthorizationRequest
    from smartident.sessions.session import Session

# Who approves on the phone sees which client asks, so asking again is how we ask for consent or another account.
ASKING = {"login", "consent", "select_account"}


def is_enough(session: Session, request: AuthorizationRequest, *, now: int) -> bool:
    """Whether the client may have a code for this session without a login."""
    if ASKING & set(request.prompt.split()):
        return False
    if request.subject not in {None, session.account_id}:
        return False
    if request.max_age is not None and session.auth_time + request.max_age <= now:
        return False
    return unmet(request.acr_values, session.amr) is None


def unmet(acr_values: str, amr: tuple[str, ...]) -> str | None:
    """Why a login does not reach what the client wants, or None; of several classes the client takes any."""
    wanted = acr_values.split()
    if PASSKEY in wanted and TWO_FACTORS not in wanted and acr_of(amr) != PASSKEY:
        return "no passkey was used"
    return "the account has no second factor" if TWO_FACTORS in wanted and "mfa" not in amr else None
