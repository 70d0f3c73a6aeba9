"""The guard before a password: tries are raised before the hash is computed, by the write that also reads the account.

Two pools. Each source (an address, sealed) has PASSWORD_TRIES tries, then one try per hold, and holds double.
All sources together have FAILURES_PER_HOUR failures an hour; a source that this account has logged in from before is
not bound by that wider pool, so a stranger who knows the access number cannot lock its owner out.
"""

from __future__ import annotations

from typing import Any

from smartident.accounts.account import ACCOUNT, AccountRow, read_row
from smartident.errors import TooManyAttempts
from smartident.settings import settings
from smartident.storage.table import DAY, Conflict, put_new, write_if
from smartident.telemetry import log_event

FIRST_LOCKOUT = 30
MAX_LOCKOUT = 3600
POOL_WINDOW = 3600
# An account never forgets tries by itself; a guard that did within days would tell that it guards nobody.
DECOY_DAYS = 90


def raise_tries(guard_id: str, source: str, *, now: int) -> AccountRow:
    """Count one more try and read the account it guards; raises TooManyAttempts with a true retry_after.

    `guard_id` is the account, or the decoy of an identifier that stands for none: both are counted alike.
    """
    row = _raise(guard_id, source, now=now)
    if int(row.tries[source]) >= settings().password_tries:
        _claim_hold(row, source, now=now)
    if pool_is_over(row, now):
        _renew_pool(row, source, now=now)
    return row


def knows(row: AccountRow, source: str) -> bool:
    """Whether this account has been logged in to from that source before."""
    return source in row.known.as_dict()


def is_held_until(until: int | None, source: str) -> Any:
    """The condition that this source is held as it was: a "not me" outlasts a password on its way."""
    return AccountRow.held[source].does_not_exist() if until is None else AccountRow.held[source] == until


def held_until(row: AccountRow, source: str) -> int | None:
    """How long the source is held as the row says, which may be over, or none."""
    until = row.held.as_dict().get(source)
    return None if until is None else int(until)


def hold_source(source: str, *, until: int) -> list[Any]:
    """The actions that keep a source from this account until then, whatever password it has."""
    return [AccountRow.held[source].set(until)]


def release(account_id: str) -> None:
    """Forget every try and hold of an account; where it has logged in from stays known. Raises Conflict if gone."""
    nothing: dict[str, int] = {}
    actions = [
        AccountRow.tries.set(nothing),
        AccountRow.held.set(nothing),
        AccountRow.holds.set(nothing),
        AccountRow.pool.set(0),
        AccountRow.pool_since.set(0),
        AccountRow.wrong_sms_codes.set(0),
    ]
    write_if(AccountRow(account_id, ACCOUNT), actions=actions, condition=AccountRow.pk.exists())


def _raise(guard_id: str, source: str, *, now: int) -> AccountRow:
    row = AccountRow(guard_id, ACCOUNT)
    actions = [AccountRow.tries[source].set((AccountRow.tries[source] | 0) + 1), AccountRow.pool.add(1)]
    free = AccountRow.held[source].does_not_exist() | (AccountRow.held[source] <= now)
    room = (
        (AccountRow.pool < settings().failures_per_hour)
        | AccountRow.known[source].exists()
        | (AccountRow.pool_since <= now - POOL_WINDOW)
    )
    try:
        write_if(row, actions=actions, condition=AccountRow.pk.exists() & free & room)
    except Conflict:
        refusing = read_row(guard_id)
        if refusing is not None:
            raise refused(refusing, source, now=now) from None
        return _raise_decoy(guard_id, source, now=now)
    return row


def _raise_decoy(guard_id: str, source: str, *, now: int) -> AccountRow:
    decoy = AccountRow(
        guard_id, ACCOUNT, created_at=now, ttl=now + DECOY_DAYS * DAY, tries={source: 1}, pool=1, pool_since=now
    )
    try:
        put_new(decoy)
    except Conflict:
        return _raise(guard_id, source, now=now)
    return decoy


def _claim_hold(row: AccountRow, source: str, *, now: int) -> None:
    count = int(row.holds.as_dict().get(source, 0))
    until = now + min(FIRST_LOCKOUT * 2**count, MAX_LOCKOUT)
    seen = AccountRow.holds[source] == count if count else AccountRow.holds[source].does_not_exist()
    free = AccountRow.held[source].does_not_exist() | (AccountRow.held[source] <= now)
    actions = [AccountRow.held[source].set(until), AccountRow.holds[source].set(count + 1)]
    try:
        write_if(row, actions=actions, condition=seen & free)
    except Conflict:
        raise refused(read_row(row.pk) or row, source, now=now) from None
    log_event("address_locked", seconds=until - now)


def refused(row: AccountRow, source: str, *, now: int) -> TooManyAttempts:
    """The refusal of a source that is held or of a pool that is used up, with a true retry_after."""
    until = int(row.held.as_dict().get(source, 0))
    if until > now:
        return TooManyAttempts("source held", retry_after=until - now)
    return TooManyAttempts("pool used up", retry_after=max(int(row.pool_since) + POOL_WINDOW - now, 1))


def pool_is_over(row: AccountRow, now: int) -> bool:
    """Whether the hour of the wider pool is over."""
    return int(row.pool_since) + POOL_WINDOW <= now


def _renew_pool(row: AccountRow, source: str, *, now: int) -> None:
    # Only once the pool is half used: a quiet account never pays for this write.
    if int(row.pool) * 2 <= settings().failures_per_hour:
        return
    held = {name: until for name, until in row.held.as_dict().items() if int(until) > now - MAX_LOCKOUT}
    holds = {name: count for name, count in row.holds.as_dict().items() if name in held}
    tries = {name: count for name, count in row.tries.as_dict().items() if name in held or name == source}
    actions = [
        AccountRow.pool.set(1),
        AccountRow.pool_since.set(now),
        AccountRow.held.set(held),
        AccountRow.holds.set(holds),
        AccountRow.tries.set(tries),
    ]
    try:
        write_if(row, actions=actions, condition=AccountRow.pool_since == row.pool_since)
    except Conflict:
        return
