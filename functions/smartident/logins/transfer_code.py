"""The transfer code: digits that the page shows and the person types on the phone (SP 800-63B-4 3.1.3.1)."""

from __future__ import annotations

from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import random_digits
from smartident.settings import settings

# Where the operator wants no code, a login has one all the same that needs it.
DIGITS_WHERE_NEEDED = 6


def shown_digits() -> int:
    """How many digits a login's page shows, if it shows any."""
    return settings().transfer_code_digits or DIGITS_WHERE_NEEDED


def wants_code(*, is_new_country: bool) -> bool:
    """Whether a login has a code: as the operator wants, and always from a country that is new to its account.

    With UniformLogin every login has one: a decoy's page cannot know whether the country is new, and shows one.
    """
    limits = settings()
    return is_new_country or bool(limits.transfer_code_digits) or limits.uniform_login == "on"


def new_transfer_code(digits: int) -> str:
    """A random code of so many digits."""
    return random_digits(digits)


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
