"""The keys of push subscriptions; keys.py spells all others."""

from __future__ import annotations

from smartident.storage.keys import Key, Range

_PUSH = "PUSH#"
# Sorts behind every character of our ids.
_LAST = "~"


def subscription(account_id: str, device_id: str) -> Key:
    """Where one device of an account is woken."""
    return Key(account_id, _PUSH + device_id)


def subscriptions() -> Range:
    """All push subscriptions of an account."""
    return Range(_PUSH, _PUSH + _LAST)


def device_id(sk: str) -> str:
    """The device that a sort key names."""
    return sk.removeprefix(_PUSH)
