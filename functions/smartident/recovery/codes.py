"""One recovery code: 80 random bits as people copy them from paper."""

from __future__ import annotations

from base64 import b32encode

from smartident.crypto.item_mac import MAC_LENGTH
from smartident.crypto.pepper import mac
from smartident.crypto.random import random_bytes

CODES_OF_A_SET = 10
CODE_BYTES, CODE_LENGTH, GROUP = 10, 16, 4
# Crockford's Base32 has no I, L, O and U: what looks alike is read alike.
_RFC4648, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")


def new_code() -> str:
    """A code of 16 letters and digits."""
    return b32encode(random_bytes(CODE_BYTES)).decode().translate(str.maketrans(_RFC4648, _CROCKFORD))


def in_groups(code: str) -> str:
    """A code as it is shown and printed: four groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def as_typed(text: str) -> str:
    """The code that somebody typed: without what parts its groups, and what looks alike read as what was printed."""
    return "".join(filter(str.isalnum, text.upper())).translate(_READ_AS)


def code_mac(account_id: str, typed: str) -> str:
    """What the table keeps of a code of this account: a MAC under the pepper."""
    return mac("recovery-code", account_id, as_typed(typed))[:MAC_LENGTH]
