"""Client authentication at the token endpoint (RFC 6749 2.3, OpenID Connect Core 9): each client in its one way."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BinasciiError
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from smartident.clients.client import NONE, PRIVATE_KEY_JWT, SECRET_METHODS
from smartident.clients.client_cache import find_client
from smartident.clients.client_secret import is_client_secret
from smartident.oauth.oauth_errors import InvalidClient, OAuthError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.clients.client import Client

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class _Shown:
    """Whom a request says that it comes from, and by what."""

    client_id: str
    secret: str = ""
    assertion: str = ""


def authenticate_client(authorization: str, parameters: Mapping[str, str], *, issuer: str, now: int) -> Client:
    """The client that sent the request, proven in its own way; raises InvalidClient or OAuthError.

    `authorization` is the header, or an empty text.
    """
    shown = _shown(authorization, parameters)
    client = find_client(shown.client_id, now=now) if shown.client_id else None
    if client is None or not client.uses_oauth:
        raise InvalidClient("unknown client")
    if client.auth_method in SECRET_METHODS:
        if shown.assertion or not is_client_secret(client, shown.secret):
            raise InvalidClient("wrong client secret")
    elif client.auth_method == PRIVATE_KEY_JWT:
        from smartident.oauth.client_assertion import check_assertion  # noqa: PLC0415  loads JOSE, which few clients need

        check_assertion(shown.assertion, client, issuer=issuer, now=now)
    elif client.auth_method == NONE and (shown.secret or shown.assertion):
        raise InvalidClient("this client has no secret")
    return client


def _shown(authorization: str, parameters: Mapping[str, str]) -> _Shown:
    ways = [bool(authorization), "client_secret" in parameters, "client_assertion" in parameters]
    if sum(ways) > 1:
        raise OAuthError("invalid_request", "a client authenticates in one way, not in two")
    named = parameters.get("client_id", "")
    if authorization:
        client_id, secret = _basic(authorization)
        if named not in {"", client_id}:
            raise InvalidClient("two clients are named")
        return _Shown(client_id, secret)
    if "client_assertion" in parameters:
        if parameters.get("client_assertion_type") != ASSERTION_TYPE:
            raise InvalidClient("unknown client_assertion_type")
        from smartident.oauth.client_assertion import claimed_client  # noqa: PLC0415  as above

        assertion = parameters["client_assertion"]
        return _Shown(named or claimed_client(assertion), assertion=assertion)
    return _Shown(named, parameters.get("client_secret", ""))


def _basic(authorization: str) -> tuple[str, str]:
    """Id and secret of the header, both form-encoded before (RFC 6749 2.3.1); raises InvalidClient."""
    scheme, _, text = authorization.partition(" ")
    try:
        client_id, colon, secret = b64decode(text.strip(), validate=True).decode().partition(":")
    except (BinasciiError, ValueError):
        raise InvalidClient("malformed Authorization header") from None
    if scheme.lower() != "basic" or not colon:
        raise InvalidClient("malformed Authorization header")
    return unquote_plus(client_id), unquote_plus(secret)
