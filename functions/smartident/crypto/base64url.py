"""Base64url without padding (RFC 7515 section 2): binary in JSON, headers and the table."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError

from smartident.errors import InvalidRequest


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str, *, field: str) -> bytes:
    """The bytes of strict base64url without padding; raises InvalidRequest with the field's name."""
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, BinasciiError):
        raise InvalidRequest(field=field) from None
    if encode(data) != text:
        raise InvalidRequest(field=field)
    return data
