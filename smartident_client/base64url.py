"""Base64url without padding: how binary travels on the wire."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(raw: bytes) -> str:
    """Write bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url without padding; a ValueError when it is none."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
