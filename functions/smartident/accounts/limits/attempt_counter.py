"""How a password attempt is counted: one conditional write, which is the read too, alike for every name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pynamodb.expressions.condition import size

from smartident.accounts.item.row import AccountRow, block_of, item_in_the_way
from smartident.errors import SourceBlocked, TooManyAttempts
from smartident.rate_limiting.lockout_time import HOUR, hour_of, lockout_seconds
from smartident.settings import settings
from smartident.storage.operations import Again, Put, Update, as_seen
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.storage import keys

# Real accounts keep failed attempts forever, so counters for unknown names must outlive any observation, or their
# expiry would reveal that the name is unknown.
UNKNOWN_NAME_DAYS = 90


class BrowserForgotten(Exception):  # noqa: N818  no refusal: the attempt counts for the client address instead
    """The account does not trust this browser any more."""


class _Unseen:
    """The item was not looked at yet: the first write assumes that no limit is near."""


# An item: not seen yet, not there, or as it stood in the way.
_Seen: TypeAlias = AccountRow | _Unseen | None


@dataclass(frozen=True)
class _Outcome:
    """What one more attempt changes: whether it is muted, and which keys it locks until when."""

    always_wrong: bool
    locks: Mapping[str, int]


@dataclass(frozen=True)
class AttemptToCount:
    """One try from one pool, a client address or a trusted browser, under one kind of name."""

    kind: str
    pool: str
    id: str
    now: int
    # Only of a trusted browser: the epoch of the account that it is trusted in.
    trust_epoch: int | None = None

    @property
    def told(self) -> str:
        """Under which key the caller of this name is told what was counted."""
        return f"{self.kind}:{self.pool}"

    @property
    def hour(self) -> str:
        """The hour that a failure counts for."""
        return hour_of(self.pool, self.now)

    @property
    def told_hour(self) -> str:
        """Under which key the hour counts for callers of this name."""
        return f"{self.kind}:{self.hour}"

    def outcome(self, item: AccountRow) -> _Outcome:
        """What this try does to the item; raises TooManyAttempts by what was counted under the typed name."""
        locked, failures = _map(item.locked_until), _map(item.failures_by_hour)
        most, trusted = settings().failures_per_hour, self.pool in _map(item.trusted_addresses)
        locked_until, blocked_until = int(locked.get(self.told, 0)), block_of(item, self.pool) or 0
        if blocked_until > self.now:
            raise SourceBlocked("address blocked", retry_after=max(locked_until, blocked_until) - self.now)
        if locked_until > self.now:
            raise TooManyAttempts("address locked", retry_after=locked_until - self.now)
        if not trusted and int(failures.get(self.told_hour, 0)) >= most:
            raise TooManyAttempts("failures of this hour", retry_after=HOUR - self.now % HOUR)
        exhausted = not trusted and int(failures.get(self.hour, 0)) >= most
        always_wrong = exhausted or int(locked.get(self.pool, 0)) > self.now
        counted = [self.told] if always_wrong else [self.told, self.pool]
        return _Outcome(always_wrong, {key: self._lock(item, key) for key in counted if self._is_last(item, key)})

    def _is_last(self, item: AccountRow, key: str) -> bool:
        return len(_map(item.failed_attempts).get(key, ())) + 1 >= settings().password_tries

    def _lock(self, item: AccountRow, key: str) -> int:
        return self.now + lockout_seconds(int(_map(item.lockout_count).get(key, 0)))


def count_attempt(key: keys.Key, one: AttemptToCount) -> tuple[AccountRow, bool]:
    """Count an attempt; the item with it, and whether it is muted. Raises TooManyAttempts with a true retry_after.

    Raises BrowserForgotten, and counts nothing, for a browser that the account trusts no more.
    """
    unseen: _Seen = _Unseen()

    def count(state: _Seen) -> tuple[AccountRow, bool] | Again[_Seen]:
        return _count(key, one, state)

    return retry(count, unseen)


def _count(key: keys.Key, one: AttemptToCount, state: _Seen) -> tuple[AccountRow, bool] | Again[_Seen]:
    """Count a try on the item as it was seen: not yet, not there, or as it stood in the way."""
    row = AccountRow(*key)
    operation: Put | Update
    if isinstance(state, _Unseen):
        outcome = _Outcome(always_wrong=False, locks={})
        operation = Update(row, *_far_from_limits(one), is_own=_is_own(one))
    elif one.trust_epoch is not None and (state is None or int(state.trust_epoch) != one.trust_epoch):
        raise BrowserForgotten
    elif state is None:
        operation = _first(row, one, outcome := one.outcome(row))
    else:
        operation = Update(row, *_as_seen(one, state, outcome := one.outcome(state)), is_own=_is_own(one))
    again = write(operation, on_conflict=lambda conflict: Again[_Seen](item_in_the_way(conflict)))
    if again is not None:
        return again
    if one.told in outcome.locks:
        log_event("address_locked", seconds=outcome.locks[one.told] - one.now)
    return row, outcome.always_wrong


def _far_from_limits(one: AttemptToCount) -> tuple[list[Any], Any]:
    """One more attempt where neither a lockout nor the limit of the hour is near."""
    failed, failures, most = AccountRow.failed_attempts, AccountRow.failures_by_hour, settings().failures_per_hour
    actions = [failed[key].set((failed[key] | []).append([one.id])) for key in (one.told, one.pool)]
    actions += [failures[hour].set((failures[hour] | 0) + 1) for hour in (one.told_hour, one.hour)]
    condition = _is_possible(one) & ~failed[one.told].contains(one.id)
    for key in (one.told, one.pool):
        condition &= AccountRow.locked_until[key].does_not_exist() | (AccountRow.locked_until[key] <= one.now)
        few = size(failed[key]) < settings().password_tries - 1
        # Where an address has a single try, each is its last: none is far from the limit.
        condition &= failed[key].does_not_exist() | few if settings().password_tries > 1 else failed[key].exists() & few
    room = AccountRow.trusted_addresses[one.pool].exists()
    within = [failures[hour].does_not_exist() | (failures[hour] < most) for hour in (one.told_hour, one.hour)]
    return actions, condition & (room | (within[0] & within[1]))


def _as_seen(one: AttemptToCount, item: AccountRow, outcome: _Outcome) -> tuple[list[Any], Any]:
    """One more attempt with all that follows from it, while what it was decided by is as it was seen."""
    failed, failures = AccountRow.failed_attempts, AccountRow.failures_by_hour
    counted = [one.told] if outcome.always_wrong else [one.told, one.pool]
    hours = [one.told_hour] if outcome.always_wrong else [one.told_hour, one.hour]
    actions: list[Any] = [failed[key].set(_longer(item, key, one.id)) for key in counted]
    actions += [failures[hour].set((failures[hour] | 0) + 1) for hour in hours]
    for key, until in outcome.locks.items():
        actions.append(AccountRow.locked_until[key].set(until))
        actions.append(AccountRow.lockout_count[key].set(int(_map(item.lockout_count).get(key, 0)) + 1))
    condition = _is_possible(one)
    for key in (one.told, one.pool):
        for held in ("failed_attempts", "locked_until", "lockout_count"):
            condition &= as_seen(item, held, key)
    for hour in () if one.pool in _map(item.trusted_addresses) else hours:
        condition &= failures[hour].does_not_exist() | (failures[hour] < settings().failures_per_hour)
    return actions, condition


def _is_possible(one: AttemptToCount) -> Any:
    """The condition that the pool is not blocked by "not me", and that a browser is still trusted."""
    blocked = AccountRow.blocked_until[one.pool]
    possible = AccountRow.pk.exists() & (blocked.does_not_exist() | (blocked <= one.now))
    return possible if one.trust_epoch is None else possible & (AccountRow.trust_epoch == one.trust_epoch)


def _first(row: AccountRow, one: AttemptToCount, outcome: _Outcome) -> Put:
    """The item that counts an unknown name from its first attempt on."""
    row.created_at, row.ttl = one.now, one.now + UNKNOWN_NAME_DAYS * DAY
    row.failed_attempts = {key: [one.id] for key in (one.told, one.pool)}
    row.failures_by_hour = dict.fromkeys((one.told_hour, one.hour), 1)
    row.locked_until = dict(outcome.locks)
    row.lockout_count = dict.fromkeys(outcome.locks, 1)
    return Put(row, is_own=_is_own(one))


def _longer(item: AccountRow, key: str, attempt_id: str) -> list[str]:
    # Once an address is at its limit every attempt locks it: more ids than that say nothing more.
    return [*_map(item.failed_attempts).get(key, ()), attempt_id][-settings().password_tries :]


def _is_own(one: AttemptToCount) -> Any:
    return lambda found: one.id in _map(found.failed_attempts).get(one.told, ())


def _map(held: Any) -> Mapping[str, Any]:
    return held.as_dict()  # type: ignore[no-any-return]  # pynamodb types no contents
