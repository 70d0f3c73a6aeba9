"""The public keys that verify an id_token."""

from __future__ import annotations

from functools import cache
from typing import Any

from smartident.tokens.id_token import read_jwks


@cache
def signing_keys() -> dict[str, Any]:
    """The JWK set, asked of KMS once per container."""
    return read_jwks()
