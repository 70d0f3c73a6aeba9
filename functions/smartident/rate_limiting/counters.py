"""Counters that stop a thing after so many: raised before what they guard, exact under parallel callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.random import random_id
from smartident.errors import TooManyAttempts
from smartident.storage import keys
from smartident.storage.operations import Check, Update
from smartident.storage.table import DAY, Row
from smartident.storage.writes import write

if TYPE_CHECKING:
    from smartident.storage.operations import FailedConditions


class CounterRow(Row, discriminator="counter"):
    """`LIMIT#<scope>#<name>` | `<window>`: how often the thing happened in that window."""

    times = NumberAttribute(default=0)
    # The write that counted last: the same write sent again, its first answer lost, finds itself here.
    last_write = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class RateLimit:
    """At most so many times in each window of so many seconds (UTC), for one name of one scope."""

    scope: str
    name: str
    max: int
    window: int = DAY

    def count_one(self, *, now: int) -> int:
        """How many in this window with one more counted; raises TooManyAttempts with the seconds until the next."""

        def on_conflict(_: FailedConditions) -> NoReturn:
            raise self.exceeded(now)

        write_id, row = random_id(), self._row(now)
        actions = [
            CounterRow.times.set((CounterRow.times | 0) + 1),
            CounterRow.kind.set(CounterRow),
            CounterRow.ttl.set((now // self.window + 2) * self.window),
            CounterRow.last_write.set(write_id),
        ]
        once = self._has_room() & _not_yet(write_id)
        counted = Update(row, actions, once, is_own=lambda found: found.last_write == write_id)
        write(counted, on_conflict=on_conflict)
        return int(row.times)

    def give_back(self, *, now: int) -> None:
        """Take one count of this window back, for a thing that did not happen after all."""
        write_id, row = random_id(), self._row(now)
        actions = [CounterRow.times.add(-1), CounterRow.last_write.set(write_id)]
        write(
            Update(
                row,
                actions,
                (CounterRow.times > 0) & _not_yet(write_id),
                is_own=lambda found: found.last_write == write_id,
            ),
            # Nothing was counted, or the window is over: there is nothing to give back.
            on_conflict=lambda _: None,
        )

    def is_reached(self, *, now: int) -> bool:
        """Whether this window takes no more, for who looks: nothing is counted."""
        row = self._row(now)
        try:
            return int(CounterRow.get(row.pk, row.sk, consistent_read=True).times) >= self.max
        except CounterRow.DoesNotExist:
            return False

    def forget(self, *, now: int) -> None:
        """Begin this window again."""
        self._row(now).delete()

    def require_room(self, *, now: int) -> Check:
        """Let a transaction hold only while the limit is not reached; nothing is counted."""
        return Check(self._row(now), self._has_room())

    def exceeded(self, now: int) -> TooManyAttempts:
        """The refusal, with the seconds until the next window."""
        return TooManyAttempts(f"limit of {self.scope}", retry_after=self.window - now % self.window)

    def _row(self, now: int) -> CounterRow:
        return CounterRow(*keys.counter(self.scope, self.name, now // self.window))

    def _has_room(self) -> Any:
        below = CounterRow.times < self.max
        # The first of a window has no row yet; a limit of 0 lets not even the first through.
        return CounterRow.times.does_not_exist() | below if self.max > 0 else below


def _not_yet(write_id: str) -> Any:
    """The condition that this very write did not count before, its answer lost."""
    return CounterRow.last_write.does_not_exist() | (CounterRow.last_write != write_id)
