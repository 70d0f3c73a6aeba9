"""Counters that stop a thing after so many: raised before what they guard, exact under parallel callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist

from smartident.errors import TooManyAttempts
from smartident.storage.table import DAY, Conflict, Row, write_if

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite


class LimitRow(Row, discriminator="limit"):
    """`LIMIT#<scope>#<key>` | `<window>`: how often the thing happened in that window."""

    times = NumberAttribute(default=0)


@dataclass(frozen=True)
class Limit:
    """At most so many times in each window of so many seconds (UTC), for one key of one scope."""

    scope: str
    key: str
    most: int
    window: int = DAY

    def row(self, now: int) -> LimitRow:
        """The key of the counter of this moment's window."""
        return LimitRow(f"LIMIT#{self.scope}#{self.key}", str(now // self.window))

    def has_room(self) -> Any:
        """The condition that one more is within the limit."""
        below = LimitRow.times < self.most
        # The first of a window has no row yet; a limit of none lets not even the first through.
        return LimitRow.times.does_not_exist() | below if self.most > 0 else below

    def exceeded(self, now: int) -> TooManyAttempts:
        """The refusal, with the seconds until the next window."""
        return TooManyAttempts(f"limit of {self.scope}", retry_after=self.window - now % self.window)


def raise_limit(limit: Limit, *, now: int) -> int:
    """How many in this window with one more counted, or TooManyAttempts with the seconds until the next."""
    row = limit.row(now)
    actions = [
        LimitRow.times.set((LimitRow.times | 0) + 1),
        LimitRow.kind.set(LimitRow),
        LimitRow.ttl.set((now // limit.window + 2) * limit.window),
    ]
    try:
        write_if(row, actions=actions, condition=limit.has_room())
    except Conflict:
        raise limit.exceeded(now) from None
    return int(row.times)


def lower_limit(limit: Limit, *, now: int) -> None:
    """Give one count of this window back, for a thing that did not happen after all."""
    try:
        write_if(limit.row(now), actions=[LimitRow.times.add(-1)], condition=LimitRow.times > 0)
    except Conflict:
        return


def require_room(transaction: TransactWrite, limit: Limit, *, now: int) -> None:
    """Let a transaction hold only while the limit is not reached; nothing is counted."""
    row = limit.row(now)
    transaction.condition_check(LimitRow, row.pk, row.sk, condition=limit.has_room())


def check_room(limit: Limit, *, now: int) -> None:
    """Raise TooManyAttempts if the limit is reached; nothing is counted."""
    key = limit.row(now)
    try:
        times = int(LimitRow.get(key.pk, key.sk, consistent_read=True).times)
    except DoesNotExist:
        times = 0
    if times >= limit.most:
        raise limit.exceeded(now)
