"""The public keys that verify an id_token, and the pages that share our passkeys."""

from __future__ import annotations

from typing import Any

from smartident.settings import rsa_settings, settings
from smartident.tokens.jwks import read_jwks


def signing_keys() -> tuple[dict[str, Any], int]:
    """The JWK set, and for how many seconds anybody may keep it."""
    return read_jwks(rsa_settings().rsa_signing_keys)


def passkey_pages() -> dict[str, object]:
    """The pages on which a browser may use passkeys of our domain (WebAuthn level 3, 5.11: related origins)."""
    return {"origins": list(settings().allowed_origins)}
