"""Whether a login of before is enough for what a client asks now (OpenID Connect Core 3.1.2.1 and 3.1.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.tokens.id_token import ONE_FACTOR, PASSKEY, TWO_FACTORS, acr_of

if TYPE_CHECKING:
    from smartident.oidc.authorization_request import AuthorizationRequest
    from smartident.sessions.session import Session

# Who approves on the phone sees which client asks, so asking again is how we ask for consent or another account.
ASKING = {"login", "consent", "select_account"}
# From weak to strong: who asks for one takes every stronger one too.
CLASSES = (ONE_FACTOR, TWO_FACTORS, PASSKEY)
TOO_WEAK = ("", "the account has no second factor", "no passkey was used")


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
    wanted = [CLASSES.index(one) for one in acr_values.split() if one in CLASSES]
    least = min(wanted, default=0)
    return None if CLASSES.index(acr_of(amr)) >= least else TOO_WEAK[least]
