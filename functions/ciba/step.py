"""CIBA: a client that has checked a person's password itself asks the phone, and no page of ours is part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.ciba.kept_request import INTERVAL
from smartident.ciba.limits import count_request
from smartident.ciba.person import find_person
from smartident.ciba.request import check_request
from smartident.ciba.start import begin
from smartident.logins.transfer_code import grouped
from smartident.oauth.client_authentication import authenticate_client
from smartident.oauth.oauth_errors import OAuthError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.ciba.start import Begun


def begin_authentication(
    authorization: str, parameters: Mapping[str, str], *, issuer: str, now: int
) -> dict[str, object]:
    """By what the client polls, and the digits that its page shows; raises OAuthError or TooManyAttempts.

    A person whom nobody knows gets the same answer, unless the operator lets this client be told.
    """
    client = authenticate_client(authorization, parameters, issuer=issuer, now=now)
    asked = check_request(client, parameters)
    count_request(client.id, asked.allowed, now=now)
    person = find_person(client.id, asked, issuer=issuer)
    if asked.allowed.tells_unknown_user and person.reachable(client, now=now) is None:
        raise OAuthError("unknown_user_id", "no account of this client that a phone can answer for")
    return _told(begin(client, asked, person, now=now))


def _told(begun: Begun) -> dict[str, object]:
    told: dict[str, object] = {
        "auth_req_id": begun.auth_req_id,
        "expires_in": begun.expires_in,
        "interval": INTERVAL,
    }
    # SP 800-63B-4 3.1.3: the person carries these digits from the client's page to the phone.
    return told if begun.transfer_code is None else {**told, "transfer_code": grouped(begun.transfer_code)}
