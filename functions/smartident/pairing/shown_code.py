"""What the new phone shows, and what proves that the person holds it beside the old one."""

from __future__ import annotations

from smartident.crypto.base64url import decode
from smartident.crypto.pepper import constant_time_equals, derived_digits, mac

# 128 bits in base64url.
CODE_LENGTH = 22
DIGITS = 8


def pairing_code(registration_id: str) -> str:
    """The 128 bits that the new phone of this registration shows as a QR code; only the pepper predicts them."""
    return mac("pairing-code", registration_id)[:CODE_LENGTH]


def pairing_digits(registration_id: str) -> str:
    """The digits that it shows for a phone without a camera: they count once."""
    return derived_digits(DIGITS, "pairing-digits", registration_id)


def is_shown(typed: str, *, registration_id: str) -> bool:
    """Whether the new phone of this registration shows this. What another one shows does not count."""
    codes = (pairing_code(registration_id), pairing_digits(registration_id))
    # Compare with each, so that the time does not tell which one it is.
    return True in [constant_time_equals(typed, code) for code in codes]


def fingerprint_of(thumbprint: str) -> str:
    """What both phones show of a device key: the first eight hex digits of its thumbprint."""
    return decode(thumbprint, field="device_key")[:4].hex()
