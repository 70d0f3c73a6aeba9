"""id_token_hint (CIBA Core 7.1): an id_token that we signed for this client. It may be over, it names a person."""

from __future__ import annotations

import json

from smartident.crypto.algorithms import ES256
from smartident.crypto.jwk import header_of, payload_of, public_key
from smartident.oauth.oauth_errors import OAuthError
from smartident.settings import settings
from smartident.tokens.id_token import key_name
from smartident.tokens.jwks import public_jwk


def subject_of(hint: str, *, client_id: str, issuer: str) -> str:
    """The account that the token is about; raises OAuthError (invalid_request) for any token but such a one."""
    claims = _claims(hint)
    if claims.get("iss") != issuer or claims.get("aud") != client_id:
        raise _refused()
    return str(claims["sub"])


def _claims(hint: str) -> dict[str, object]:
    try:
        kid = header_of(hint).get("kid")
        key_id = next(one for one in settings().signing_keys if key_name(one) == kid)
        claims: dict[str, object] = json.loads(
            payload_of(hint, public_key(public_jwk(key_id, ES256, among=1), field="kid"))
        )
    except (ValueError, StopIteration):
        raise _refused() from None
    return claims


def _refused() -> OAuthError:
    return OAuthError("invalid_request", "id_token_hint is no id_token of ours for this client")
