"""An id_token of ours that a client shows again.

OpenID Connect Core 3.1.2.1, RP-Initiated Logout 1.0 section 2, CIBA Core 7.1.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from smartident.crypto.algorithms import ES256, RS256
from smartident.crypto.jwk import header_of, payload_by_rsa, payload_of, public_key
from smartident.settings import rsa_settings, settings
from smartident.tokens.id_token import key_name
from smartident.tokens.jwks import KeyUnreadable, public_jwk


class Hint(NamedTuple):
    """Whom an id_token was about, which client got it, and of which session it was."""

    subject: str
    client_id: str
    sid: str


def read_hint(token: str, *, issuer: str, client_id: str | None = None) -> Hint | None:
    """What the id_token says, or None for anything that one of our keys did not sign as one, for this client if named.

    That it is over does not matter: it says who was signed in, and lets nobody in.
    """
    try:
        header = header_of(token)
        told = json.loads(_payload(token, kid=header.get("kid")))
    except (ValueError, StopIteration, KeyUnreadable):
        return None
    # A logout token is signed by the same key, and says so.
    if header.get("typ") != "JWT" or told.get("iss") != issuer or client_id not in {None, told.get("aud")}:
        return None
    return Hint(told["sub"], told["aud"], told["sid"])


def _payload(token: str, *, kid: object) -> bytes:
    """What the key of this name signed; raises ValueError, StopIteration for a key that is none of ours."""
    rsa_keys = rsa_settings().rsa_signing_keys
    keys = settings().signing_keys + rsa_keys
    key = next(key for key in keys if key_name(key) == kid)
    jwk = public_jwk(key, RS256 if key in rsa_keys else ES256, among=len(keys))
    if key in rsa_keys:
        return payload_by_rsa(token, jwk)
    return payload_of(token, public_key(jwk, field="id_token_hint"))
