"""The pepper: the one secret that every stored password and code is sealed with, read once per container."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import cache

from smartident.clients import client
from smartident.settings import settings


@cache
def pepper() -> bytes:
    """The operator's pepper from Secrets Manager."""
    answer = client("secretsmanager").get_secret_value(SecretId=settings().pepper_secret_arn)
    return str(answer["SecretString"]).encode()


def seal(purpose: str, *parts: str) -> str:
    """HMAC-SHA-256 of the parts under the pepper, for one purpose: what is sealed for one opens no other."""
    message = "\x1f".join((f"smartident:{purpose}:v1", *parts)).encode()
    return urlsafe_b64encode(hmac.digest(pepper(), message, hashlib.sha256)).rstrip(b"=").decode()


def sealed_alike(left: str, right: str) -> bool:
    """Whether two seals are the same, compared in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
