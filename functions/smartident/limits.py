"""Counters that stop a thing after so many: raised before what they guard, exact under parallel callers."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute

from smartident.errors import TooManyAttempts
from smartident.table import DAY, Conflict, Row, write_if


class LimitRow(Row, discriminator="limit"):
    """`LIMIT#<scope>#<key>` | `<window>`: how often the thing happened in that window."""

    times = NumberAttribute(default=0)


def raise_daily(scope: str, key: str, *, most: int, now: int) -> int:
    """How many today (UTC) with one more counted, or TooManyAttempts with the seconds until tomorrow."""
    day = now // DAY
    row = LimitRow(f"LIMIT#{scope}#{key}", str(day))
    below = LimitRow.times < most
    # The first of a day has no row yet; a limit of none lets not even the first through.
    free = LimitRow.times.does_not_exist() | below if most > 0 else below
    try:
        write_if(
            row,
            actions=[
                LimitRow.times.set((LimitRow.times | 0) + 1),
                LimitRow.kind.set(LimitRow),
                LimitRow.ttl.set((day + 2) * DAY),
            ],
            condition=free,
        )
    except Conflict:
        raise TooManyAttempts(f"daily limit of {scope}", retry_after=(day + 1) * DAY - now) from None
    return int(row.times)


def lower_daily(scope: str, key: str, *, now: int) -> None:
    """Give one count of today back, for a thing that did not happen after all."""
    row = LimitRow(f"LIMIT#{scope}#{key}", str(now // DAY))
    try:
        write_if(row, actions=[LimitRow.times.add(-1)], condition=LimitRow.times > 0)
    except Conflict:
        return
