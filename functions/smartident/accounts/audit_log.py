"""The audit log: what happened to an account besides its logins, which are entries of the log themselves.

Beside it, without proof, the latest failed attempts. The right password forgets what failed before it; a few moments
stay, so that "why did my login fail at 14:05" has an answer afterwards too. Nothing is decided by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.accounts.item.row import AccountRow, read_item
from smartident.crypto.hash_chain import Head, head_after_record, read_head, root
from smartident.crypto.random import random_id
from smartident.rate_limiting.lockout_time import attempt_time, lockout_seconds
from smartident.settings import settings
from smartident.storage import keys
from smartident.storage.ids import newest_first
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# The records of what lets phones and passkeys in vouch for these, and stay as long: until the account is erased.
VOUCHERS = {
    *("device_registered", "enrolment_code_issued", "enrolment_code_used", "pairing_approved", "passkey_made"),
    *("recovery_codes_made", "recovery_used", "registration_delayed"),
}
VOUCHER_DAYS = 36_500


class AuditRecordRow(Row, discriminator="record"):
    """`<account_id>` | `RECORD#<newest first><id>`: written with what it records, in one transaction."""

    type = UnicodeAttribute()
    at = NumberAttribute()
    device_id = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)
    # What an approval key signed, where it ordered this. The signature covers itself: the hash chain leaves it out.
    statement = UnicodeAttribute(null=True)
    receipt = UnicodeAttribute(null=True)


def head_of(item: AccountRow) -> Head:
    """Where the account's audit log ended when the item was read."""
    return read_head(item.audit_log_head) if item.audit_log_head else root(item.pk)


def current_head(account_id: str) -> str:
    """Where the account's audit log ends now."""
    item = read_item(account_id)
    return "" if item is None else str(head_of(item))


def record_of(
    item: AccountRow, event: str, *, before: Head | None = None, now: int, **members: Any
) -> tuple[AuditRecordRow, Head]:
    """The record of an event after the log's head, or one `before` it, and the head of the log once it is entered."""
    before, part = before or head_of(item), f"{newest_first(now)}{random_id()}"
    row = AuditRecordRow(
        *keys.audit_record(item.pk, part),
        type=event,
        at=now,
        after=str(before),
        ttl=now + (VOUCHER_DAYS if event in VOUCHERS else settings().retention_days) * DAY,
        **members,
    )
    return row, head_after_record(before, item.pk, part, row.to_simple_dict())


def read_records(account_id: str, *, after: str, limit: int) -> Iterator[AuditRecordRow]:
    """The records that sort after a cursor, newest first."""
    return AuditRecordRow.query(
        account_id,
        AuditRecordRow.sk.between(*keys.audit_records_after(after)),
        consistent_read=True,
        limit=limit,
    )


@dataclass(frozen=True)
class FailedAttempt:
    """A wrong password: when, and until when it locked its client address, if it did."""

    at: int
    lock_ends: int | None = None

    def __str__(self) -> str:
        """As the item remembers it."""
        return f"{self.at:08x}" + (f"-{self.lock_ends:08x}" if self.lock_ends else "")


@dataclass(frozen=True)
class AttemptHistory:
    """What is known of an account's failed attempts at one moment."""

    # Those that still count towards a lockout.
    counted: tuple[FailedAttempt, ...]
    # The latest of those that were forgotten, newest first.
    past: tuple[FailedAttempt, ...]
    # Until when client addresses and browsers are locked, or blocked by "not me", the longest first.
    locks_end: tuple[int, ...]
    blocks_end: tuple[int, ...]


def history_of(item: AccountRow, *, now: int) -> AttemptHistory:
    """What the item knows."""
    counted = _newest_first(_counted(item))
    return AttemptHistory(
        counted=counted,
        past=_newest_first({*map(_read, item.past_failures or ())} - set(counted)),
        locks_end=_ahead(item.locked_until, now=now),
        blocks_end=_ahead(item.blocked_until, now=now),
    )


def remember(item: AccountRow, *, pool: str | None = None, but: str = "") -> list[Any]:
    """The actions that remember what is about to be forgotten, of one pool or all, but one attempt."""
    failed = {str(one) for one in _counted(item, pool=pool, but=but)}
    return [AccountRow.past_failures.add(failed)] if failed else []


def _counted(item: AccountRow, *, pool: str | None = None, but: str = "") -> Iterator[FailedAttempt]:
    """What is counted by the names that were typed; what counts for the account is the same again."""
    for key, attempts in item.failed_attempts.as_dict().items():
        kind, _, tried_from = key.rpartition(":")
        if kind and pool in {None, tried_from}:
            times = sorted(attempt_time(attempt) for attempt in attempts if attempt != but)
            yield from map(FailedAttempt, times[:-1])
            for last in times[-1:]:
                yield FailedAttempt(last, _lock_end(item, key, last, overwritten=but in attempts))


def _lock_end(item: AccountRow, key: str, last: int, *, overwritten: bool) -> int | None:
    """Until when the last failed attempt locked its address. The right one, after a lock, set a lock of its own."""
    count, until = int(item.lockout_count.as_dict().get(key, 0)) - overwritten, item.locked_until.as_dict().get(key)
    if count <= 0 or until is None:
        return None
    return last + lockout_seconds(count - 1) if overwritten else int(until)


def _newest_first(attempts: Iterable[FailedAttempt]) -> tuple[FailedAttempt, ...]:
    return tuple(sorted(attempts, key=str, reverse=True))


def _ahead(held: Any, *, now: int) -> tuple[int, ...]:
    ends: Iterable[int] = map(int, held.as_dict().values())
    return tuple(sorted({until for until in ends if until > now}, reverse=True))


def _read(text: str) -> FailedAttempt:
    at, _, until = text.partition("-")
    return FailedAttempt(int(at, 16), int(until, 16) if until else None)
