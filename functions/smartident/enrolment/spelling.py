"""How an enrolment code is spelled: letters and digits that nobody mistakes for another, in groups for typing."""

from __future__ import annotations

from smartident.crypto.random import random_bytes

# Crockford's base 32: five bits a letter, without I, L, O and U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
QR_LETTERS, LETTER_LETTERS = 16, 10  # 80 bits to scan, 50 bits to type from a letter
QR_GROUP, LETTER_GROUP = 4, 5
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def new_code(*, for_letter: bool) -> str:
    """A new code: 80 bits for a QR code, 50 bits to be typed from a letter."""
    count = LETTER_LETTERS if for_letter else QR_LETTERS
    # 32 divides 256: every letter is equally likely.
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in random_bytes(count))


def grouped(code: str) -> str:
    """The code as people read it."""
    size = LETTER_GROUP if len(code) == LETTER_LETTERS else QR_GROUP
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def as_made(typed: str) -> str:
    """The code that somebody typed, as it was made: without groups, and with a letter O read as a zero."""
    return "".join(typed.split()).upper().translate(_READ_AS)
