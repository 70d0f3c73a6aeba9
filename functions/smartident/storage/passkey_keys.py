"""The keys of what belongs to the passkeys of login pages; keys.py spells all others."""

from __future__ import annotations

from smartident.storage.keys import Key, Range

_PASSKEY, _LOOKUP, _USED = "PASSKEY#", "LOOKUP", "USED"
# Sorts behind every character of our ids.
_LAST = "~"


def passkey(account_id: str, passkey_id: str) -> Key:
    """One passkey of an account."""
    return Key(account_id, _PASSKEY + passkey_id)


def passkeys() -> Range:
    """All passkeys of an account."""
    return Range(_PASSKEY, _PASSKEY + _LAST)


def passkey_id(sk: str) -> str:
    """The passkey that a sort key names."""
    return sk.removeprefix(_PASSKEY)


def credential(passkey_id: str) -> Key:
    """Which account the credential of a passkey belongs to."""
    return Key(f"CREDENTIAL#{passkey_id}", _LOOKUP)


def used_challenge(challenge_hash: str) -> Key:
    """What says that a challenge was used."""
    return Key(f"CHALLENGE#{challenge_hash}", _USED)
