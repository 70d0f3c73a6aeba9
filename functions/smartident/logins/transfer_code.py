"""The transfer code: digits that the page shows and the person types on the phone (SP 800-63B-4 3.1.3.1)."""

from __future__ import annotations

from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import random_digits


def new_transfer_code(digits: int) -> str | None:
    """A random code of so many digits, or None where the operator wants none."""
    return random_digits(digits) if digits else None


def transfer_code_mac(login_id: str, code: str) -> str:
    """What the table keeps of a code: worthless for any other login, and without the pepper."""
    return mac("transfer-code", login_id, code)


def is_transfer_code(typed: str, *, login_id: str, kept: str | None) -> bool:
    """Whether the typed code is the one of this login, in constant time; a login without one takes only none."""
    if kept is None:
        return typed == ""
    return constant_time_equals(transfer_code_mac(login_id, typed), kept)


def grouped(code: str) -> str:
    """A code as people read it aloud: six digits in two groups of three."""
    half = (len(code) + 1) // 2
    return f"{code[:half]} {code[half:]}".strip()
