"""Hash chain: each entry of an account's log binds all entries before it, so that none is removed or altered unseen.

The account's row bears the log's position, every entry the position before it: a record in `after`, a login in the
statement that its phone signs. The position after an entry is a hash over both, written in the very transaction that
writes the entry; so a log has one end, and whoever came second asks again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.crypto.base64url import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSE = "smartident-log:v1"
KEY_PURPOSE = "smartident-device:v1"
# What of an entry never changes. A login's outcome is no part of it: receipts and later decisions hold that.
LOGIN = ("created_at", "expires_at", "client", "amr", "statement", "source", "ttl")
RECORD = ("type", "at", "device_id", "detail", "ttl")
DEVICE = ("platform", "device_key", "approval_kind", "approval_key", "credential_id", "registered_at")
_PARTS = 3
# The Unix day is enough to tell that an entry is past its time, and shorter to sign.
DAY = 86_400


@dataclass(frozen=True)
class Position:
    """A place in a log: how many entries stand before it, the day until which the last is kept, and the hash of all."""

    number: int
    until: int
    head: str

    def __str__(self) -> str:
        return f"{self.number}.{self.until}.{self.head}"


def root(account_id: str) -> Position:
    """Where the log of an account begins; no other account's entries fit there."""
    return Position(0, 0, _hash(PURPOSE, account_id))


def read_position(text: str) -> Position:
    """The position that was written so; raises ValueError for what is none."""
    parts = text.split(".")
    if len(parts) != _PARTS:
        raise ValueError("no position")
    return Position(int(parts[0]), int(parts[1]), parts[2])


def after_login(before: Position, account_id: str, part: str, members: Mapping[str, object]) -> Position:
    """The position after a login; `part` is what its id adds to the account's."""
    return _after(before, [account_id, "login", part, *(members.get(name) for name in LOGIN)], members)


def after_record(before: Position, account_id: str, part: str, members: Mapping[str, object]) -> Position:
    """The position after a record; `part` is its place in the order of records."""
    return _after(before, [account_id, "record", part, *(members.get(name) for name in RECORD)], members)


def device_digest(device_id: str, members: Mapping[str, object]) -> str:
    """What the record of a registration keeps of the device: its keys cannot be exchanged unseen."""
    return _hash(KEY_PURPOSE, device_id, [members.get(name) for name in DEVICE])


def _after(before: Position, content: list[object], members: Mapping[str, object]) -> Position:
    return Position(before.number + 1, _whole(members["ttl"]) // DAY, _hash(PURPOSE, str(before), content))


def _hash(*content: object) -> str:
    """SHA-256 over JSON, which sets every member apart from its neighbours, in base64url."""
    return encode(hashlib.sha256(json.dumps(content, separators=(",", ":"), allow_nan=False).encode()).digest())


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("no whole number")  # noqa: TRY004  a file from outside, not a mistake in code
    return value
