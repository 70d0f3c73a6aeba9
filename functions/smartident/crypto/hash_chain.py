"""The hash chain of an account's audit log: each entry binds all entries before it, so every change to them shows.

The account's item contains the head, each entry the head before it: a record in `after`, a login in the statement that
its phone signs. The new head is a hash over the head before and the entry; the transaction that writes the entry
writes it too. So a log has one end, and of two simultaneous writers the second composes its entry again.

What became of a login is not known when it is entered. The next login's entry binds it: the head that its statement
names is one over the outcomes of the logins before it, too.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.crypto.base64url import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSE = "smartident-audit-log:v2"
KEY_PURPOSE = "smartident-device:v1"
PASSKEY_PURPOSE = "smartident-passkey:v1"
OUTCOME_PURPOSE = "smartident-outcome:v1"
# The constant members of an entry. Receipts and a later login's entry, not the entry's own hash, cover its outcome.
LOGIN = ("created_at", "expires_at", "client", "amr", "statement", "client_address", "ttl")
# What a login has come to, once nothing changes it any more.
_DECIDED = ("decided_at", "decided_by", "receipt", "denial_evidence", "reason", "barred_device_ids")
OUTCOME = ("state", "complete_by", "completed_at", *_DECIDED)
# A login's item stays small: 128 bits of a digest, of which nobody finds a second outcome, and 40 random bits of the
# login's part, whose own entry binds the rest.
_OUTCOME_LENGTH = 22
_SHORT_PART = slice(10, 18)
RECORD = ("type", "at", "device_id", "detail", "ttl")
DEVICE = ("platform", "device_key", "approval_kind", "approval_key", "credential_id", "registered_at")
PASSKEY = ("credential_id", "public_key", "rp_id", "aaguid", "backup_eligible", "made_at", "made_by")
_HEAD = re.compile(r"(0|[1-9][0-9]{0,11})\.(0|[1-9][0-9]{0,11})\.([A-Za-z0-9_-]{1,64})")
# The Unix day shows well enough that an entry has expired, and is shorter to sign.
DAY = 86_400


@dataclass(frozen=True)
class Head:
    """The end of a log: how many entries it has, the day until which the last is kept, and the hash over all."""

    entries: int
    kept_until: int
    digest: str

    def __str__(self) -> str:
        return f"{self.entries}.{self.kept_until}.{self.digest}"


def root(account_id: str) -> Head:
    """The head of an empty log; entries of other accounts do not fit."""
    return Head(0, 0, _hash(PURPOSE, account_id))


def read_head(text: str) -> Head:
    """The head in this text; raises ValueError for any other, another spelling of the same numbers included."""
    parts = _HEAD.fullmatch(text)
    if parts is None:
        raise ValueError("no head of a log")
    return Head(int(parts[1]), int(parts[2]), parts[3])


def head_after_login(before: Head, account_id: str, part: str, members: Mapping[str, object]) -> Head:
    """The head after a login; `part` is what its id adds to the account's."""
    outcomes = [members["outcomes"]] if members.get("outcomes") else []
    return _after(before, [account_id, "login", part, *(members.get(name) for name in LOGIN), *outcomes], members)


def head_after_record(before: Head, account_id: str, part: str, members: Mapping[str, object]) -> Head:
    """The head after a record; `part` is its place in the order of records."""
    return _after(before, [account_id, "record", part, *(members.get(name) for name in RECORD)], members)


def outcome_digest(account_id: str, part: str, members: Mapping[str, object]) -> str:
    """The digest of what a login has come to, which the entry of a later login names."""
    return _hash(OUTCOME_PURPOSE, account_id, part, [members.get(name) for name in OUTCOME])[:_OUTCOME_LENGTH]


def write_outcomes(digests: Mapping[str, str]) -> str | None:
    """The outcomes of logins by their parts as an entry names them; None for none."""
    return " ".join(f"{short_part(part)}.{digest}" for part, digest in sorted(digests.items())) or None


def short_part(part: str) -> str:
    """What an entry calls an earlier login by."""
    return part[_SHORT_PART]


def read_outcomes(text: str | None) -> dict[str, str]:
    """The outcomes that an entry names, by the short part of their login."""
    return {part: digest for part, _, digest in (one.partition(".") for one in (text or "").split())}


def head_after_outcomes(before: Head, outcomes: str | None) -> Head:
    """The head that a login's statement names: that of the entries before it, bound to what became of logins."""
    return Head(before.entries, before.kept_until, _hash(PURPOSE, str(before), outcomes)) if outcomes else before


def device_digest(device_id: str, members: Mapping[str, object]) -> str:
    """The digest of a device in the record of its registration, which reveals exchanged keys."""
    return _hash(KEY_PURPOSE, device_id, [members.get(name) for name in DEVICE])


def passkey_digest(passkey_id: str, members: Mapping[str, object]) -> str:
    """The digest of a passkey in the record of its making, which reveals an exchanged key."""
    return _hash(PASSKEY_PURPOSE, passkey_id, [members.get(name) for name in PASSKEY])


def _after(before: Head, content: list[object], members: Mapping[str, object]) -> Head:
    return Head(before.entries + 1, _whole(members["ttl"]) // DAY, _hash(PURPOSE, str(before), content))


def _hash(*content: object) -> str:
    """SHA-256 over JSON, which sets every member apart from its neighbours, in base64url."""
    return encode(hashlib.sha256(json.dumps(content, separators=(",", ":"), allow_nan=False).encode()).digest())


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("no whole number")  # noqa: TRY004  a file from outside, not a mistake in code
    return value
