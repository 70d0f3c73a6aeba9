"""The public keys that verify an id_token."""

from __future__ import annotations

from typing import Any

from smartident.tokens.jwks import read_jwks


def signing_keys() -> tuple[dict[str, Any], int]:
    """The JWK set, and for how many seconds anybody may keep it."""
    return read_jwks()
