"""Before step 1: a client hands its person a code that lets the first phone in, where the operator allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.ciba.first_phone import issue_for_first_phone
from smartident.enrolment.spelling import grouped
from smartident.oauth.client_authentication import authenticate_client

if TYPE_CHECKING:
    from collections.abc import Mapping


def issue_code(authorization: str, parameters: Mapping[str, str], *, issuer: str, now: int) -> dict[str, object]:
    """The enrolment code that the client hands its person; raises OAuthError or TooManyAttempts."""
    client = authenticate_client(authorization, parameters, issuer=issuer, now=now)
    issued = issue_for_first_phone(client, parameters, now=now)
    return {
        "access_number": issued.access_number,
        "enrolment_code": grouped(issued.code),
        "expires_at": issued.expires_at,
    }
