"""The pepper: the secret behind every password hash, MAC and SMS code, read once per container."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode, urlsafe_b64encode
from functools import cache

from smartident.aws import client
from smartident.settings import settings

# The length of a random id (crypto/random.py).
ID_BYTES = 16


@cache
def pepper() -> bytes:
    """The operator's pepper from Secrets Manager."""
    answer = client("secretsmanager").get_secret_value(SecretId=settings().pepper_secret_arn)
    return str(answer["SecretString"]).encode()


def mac(purpose: str, *parts: str) -> str:
    """HMAC-SHA-256 of the parts under the pepper, for one purpose: it never equals one for another purpose."""
    return urlsafe_b64encode(_hmac(purpose, parts)).rstrip(b"=").decode()


def mac_bytes(purpose: str, *parts: str) -> bytes:
    """The same as bytes, for what is no text."""
    return _hmac(purpose, parts)


def derived_id(purpose: str, *parts: str) -> str:
    """An id that looks random and is the same for the same parts; only the pepper reveals the difference."""
    return b32encode(_hmac(purpose, parts)[:ID_BYTES]).rstrip(b"=").decode().lower()


def derived_digits(count: int, purpose: str, *parts: str) -> str:
    """A decimal code that is the same for the same parts, and that nobody predicts without the pepper."""
    return f"{int.from_bytes(_hmac(purpose, parts)) % 10**count:0{count}d}"


def constant_time_equals(left: str, right: str) -> bool:
    """Whether two secrets are equal, compared in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def _hmac(purpose: str, parts: tuple[str, ...]) -> bytes:
    message = "\x1f".join((f"smartident:{purpose}:v1", *parts)).encode()
    return hmac.digest(pepper(), message, hashlib.sha256)
