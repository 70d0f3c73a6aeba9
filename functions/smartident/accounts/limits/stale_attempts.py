"""What no longer counts is forgotten, so that the account's item stays small under attack."""

from __future__ import annotations

from typing import Any

from smartident.accounts.item.row import AccountRow
from smartident.rate_limiting.lockout_time import HOUR, MAX_LOCKOUT, attempt_time
from smartident.storage.operations import Update, as_seen
from smartident.storage.writes import write

MAX_PAST_FAILURES = 12  # so many failed attempts stay; a set of twice as many is cut back to it
# Beyond these an item forgets what is stale, so many keys a time: expressions of DynamoDB have their bounds.
MAX_STALE_HOUR_KEYS = 16
MAX_COUNTED_ADDRESSES = 50
MAX_FORGOTTEN = 30


def forget_stale(item: AccountRow, kind: str, *, now: int) -> None:
    """Keep the item small: old hours count no more, nor do many addresses that are quiet for an hour.

    A caller hears that an address is forgotten, so the tries under this kind of name decide, and no login of the owner.
    """
    if past := _surplus(item):
        _write_if_there(item, [AccountRow.past_failures.delete(past)])
    hours = [hour for hour in item.failures_by_hour.as_dict() if int(hour.rpartition(":")[2]) < now // HOUR - 1]
    forgotten = hours[:MAX_FORGOTTEN] if len(hours) > MAX_STALE_HOUR_KEYS else []
    actions: list[Any] = [AccountRow.failures_by_hour[hour].remove() for hour in forgotten]
    condition = AccountRow.pk.exists()
    for key in _stale_addresses(item, kind, now=now)[:MAX_FORGOTTEN]:
        actions += [held[key].remove() for held in (AccountRow.failed_attempts, AccountRow.lockout_count)]
        actions.append(AccountRow.locked_until[key].remove())
        condition &= as_seen(item, "failed_attempts", key) & as_seen(item, "locked_until", key)
    if actions:
        # Whatever happens to one of these addresses meanwhile wins; a later attempt forgets the rest.
        write(Update(AccountRow(item.pk, item.sk), actions, condition), on_conflict=lambda _: None)


def _stale_addresses(item: AccountRow, kind: str, *, now: int) -> list[str]:
    """The keys of addresses to forget, once many tried under this kind of name: as told of it, and as they count."""
    failed = item.failed_attempts.as_dict()
    told = sorted(key for key in failed if key.startswith(f"{kind}:"))
    if len(told) <= MAX_COUNTED_ADDRESSES:
        return []
    counted = [one for key in told for one in (key, key.removeprefix(f"{kind}:")) if one in failed]
    return [key for key in counted if _is_stale(item, key, now=now)]


def _write_if_there(item: AccountRow, actions: list[Any]) -> None:
    write(Update(AccountRow(item.pk, item.sk), actions, AccountRow.pk.exists()), on_conflict=lambda _: None)


def _is_stale(item: AccountRow, key: str, *, now: int) -> bool:
    last = max((attempt_time(attempt) for attempt in item.failed_attempts.as_dict()[key]), default=0)
    return last <= now - HOUR and int(item.locked_until.as_dict().get(key, 0)) <= now - MAX_LOCKOUT


def _surplus(item: AccountRow) -> set[str]:
    """What the item remembers beyond the latest failures, once that is a lot."""
    past = sorted(item.past_failures or (), reverse=True)
    return set(past[MAX_PAST_FAILURES:]) if len(past) > 2 * MAX_PAST_FAILURES else set()
