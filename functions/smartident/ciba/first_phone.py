"""How a client lets in the first phone of an account of its own: by an enrolment code, where the operator allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.external_ids import external_ids_of
from smartident.accounts.item.login_policy import is_passkey_only
from smartident.ciba.limits import count_request
from smartident.ciba.person import person_called
from smartident.ciba.request import MAX_HINT
from smartident.clients.client import NONE
from smartident.enrolment.enrolment_code import CLIENT
from smartident.enrolment.issue import EnrolmentCodeDenied, issue_enrolment_code
from smartident.oauth.oauth_errors import OAuthError
from smartident.rate_limiting.counters import RateLimit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.accounts.account import Account
    from smartident.clients.client import Client
    from smartident.enrolment.issue import IssuedCode

MAX_PER_ACCOUNT_DAY = 3
QR, LETTER = "qr", "letter"


def issue_for_first_phone(client: Client, parameters: Mapping[str, str], *, now: int) -> IssuedCode:
    """A new enrolment code; raises OAuthError, or TooManyAttempts beyond the client's share of the hour or the day.

    Whom nobody knows, whom another client knows too, and who ever had a phone gets the same answer.
    """
    allowed = client.backchannel
    if allowed is None or not allowed.issues_enrolment_codes or client.auth_method == NONE:
        raise OAuthError("unauthorized_client", "this client may issue no enrolment codes")
    hint, spelling = parameters.get("login_hint", ""), parameters.get("spelling", QR)
    if not 0 < len(hint) <= MAX_HINT or spelling not in {QR, LETTER}:
        raise OAuthError("invalid_request", f"login_hint is required; spelling is {QR} or {LETTER}")
    count_request(client.id, allowed, now=now)
    person = person_called(client.id, hint)
    RateLimit("client_code", f"{client.id}#{person.account_id}", max=MAX_PER_ACCOUNT_DAY).count_one(now=now)
    if person.account is None:
        raise _nobody()
    try:
        return issue_enrolment_code(
            person.account_id,
            issued_by=f"{CLIENT}{client.id}",
            told_as=client.name,
            permitted=lambda account: _waits_for_first_phone(account, client, now=now),
            for_letter=spelling == LETTER,
            now=now,
        )
    except EnrolmentCodeDenied:
        raise _nobody() from None


def _nobody() -> OAuthError:
    return OAuthError("unknown_user_id", "no account of this client alone that waits for its first phone")


def _waits_for_first_phone(account: Account, client: Client, *, now: int) -> bool:
    """The account as it stands is this client's alone, never had a phone, and takes one without a passkey."""
    is_new = not account.had_device and not account.frozen
    is_own = external_ids_of(account).keys() == {client.id}
    return is_new and is_own and not is_passkey_only(account, client.asks(None), now=now)
