"""Random ids, tokens and codes, and the SHA-256 digest that the table stores of a random secret."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode

from smartident.crypto.base64url import encode

TOKEN_BYTES = 32


def random_id() -> str:
    """128 random bits as 26 lower-case letters and digits."""
    return b32encode(secrets.token_bytes(16)).rstrip(b"=").decode().lower()


def new_login_token() -> str:
    """256 random bits: the browser's secret for its login."""
    return encode(secrets.token_bytes(TOKEN_BYTES))


def random_bytes(count: int) -> bytes:
    """So many random bytes."""
    return secrets.token_bytes(count)


def random_digits(count: int) -> str:
    """A uniformly random decimal code."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def digest(text: str) -> str:
    """SHA-256 as base64url: the table's form of a random secret."""
    return encode(hashlib.sha256(text.encode()).digest())
