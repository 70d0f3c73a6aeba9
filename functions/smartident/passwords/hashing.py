"""Passwords: Argon2id (RFC 9106) in PHC strings, with the pepper as its secret."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from smartident.crypto.pepper import pepper
from smartident.settings import settings

# Before a hash that another system made: no Argon2id string without the pepper ever passes for one of ours.
FOREIGN = "foreign:"
SALT_BYTES = 16
HASH_BYTES = 32
# A stored string says what its check costs; beyond these bounds it is damage or an attack, not a setting.
MAX_MEMORY_KIB = 262_144
MAX_TIME = 16
MAX_LANES = 8
_PHC = re.compile(r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$[A-Za-z0-9+/]{8,86}\$[A-Za-z0-9+/]{22,86}")


def hash_password(password: str) -> str:
    """The PHC string of a password at the cost the settings ask for."""
    cost = settings()
    return Argon2id(
        salt=secrets.token_bytes(SALT_BYTES),
        length=HASH_BYTES,
        iterations=cost.argon2_time,
        lanes=cost.argon2_lanes,
        memory_cost=cost.argon2_memory_kib,
        secret=pepper(),
    ).derive_phc_encoded(prepared(password).encode())


def prepared(password: str) -> str:
    """The password as it is hashed: every space is U+0020, letters are composed (RFC 8265, OpaqueString)."""
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in password)
    return unicodedata.normalize("NFC", spaced)


def spellings(password: str) -> list[str]:
    """The spellings to try. How many they are follows from the typed text alone: plain ASCII has one.

    Another system may have hashed the text as it was typed, or its letters decomposed (NFD).
    """
    return list(dict.fromkeys((prepared(password), password, unicodedata.normalize("NFD", password))))


def is_password(password: str, phc: str) -> bool:
    """Whether the password is the one that `phc` was made of. Each spelling is tried, also after a right one."""
    found = [_is_spelling(spelling, phc) for spelling in spellings(password)]
    return any(found)


def _is_spelling(password: str, phc: str) -> bool:
    """Whether `phc` was made of exactly this text; a foreign hash is checked as it is."""
    if phc.startswith(FOREIGN):
        from smartident.passwords.legacy_formats import is_foreign_password  # noqa: PLC0415  most logins never pay this import

        return is_foreign_password(password, phc.removeprefix(FOREIGN))
    cost = _cost(phc)
    if cost is None or cost[0] > MAX_MEMORY_KIB or cost[1] > MAX_TIME or cost[2] > MAX_LANES:
        return False
    try:
        Argon2id.verify_phc_encoded(password.encode(), phc, pepper())
    except (InvalidKey, ValueError):
        return False
    return True


def is_outdated(phc: str) -> bool:
    """Whether the settings now ask for more than this hash cost."""
    want = settings()
    cost = _cost(phc)
    return cost is None or cost[0] < want.argon2_memory_kib or cost[1] < want.argon2_time or cost[2] < want.argon2_lanes


@cache
def decoy_hash() -> str:
    """A hash that no password opens, so that an unknown identifier costs the same work as a known one."""
    return hash_password(secrets.token_urlsafe())


def _cost(phc: str) -> tuple[int, int, int] | None:
    found = _PHC.fullmatch(phc)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
