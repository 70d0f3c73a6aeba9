"""Moments are understood as people write them, in the time of their place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from smartident_cli.invalid_field import InvalidField
from smartident_cli.moments import moment_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 28, 14, 30, 5, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def _in_berlin() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("14:05", (2026, 11, 28, 14, 5, 0)),
        ("14:05:30", (2026, 11, 28, 14, 5, 30)),
        ("9:05", (2026, 11, 28, 9, 5, 0)),
        ("23:59", (2026, 11, 27, 23, 59, 0)),
        ("28.11.2026 14:05", (2026, 11, 28, 14, 5, 0)),
        ("28.11. 14:05", (2026, 11, 28, 14, 5, 0)),
        ("24.12. 18:00", (2025, 12, 24, 18, 0, 0)),
        ("1.7.2026", (2026, 7, 1, 0, 0, 0)),
        ("2026-11-28", (2026, 11, 28, 0, 0, 0)),
        ("2026-11-28 14:05", (2026, 11, 28, 14, 5, 0)),
        ("2026-11-28T13:05:00Z", (2026, 11, 28, 14, 5, 0)),
        ("2026-11-28T08:05-05:00", (2026, 11, 28, 14, 5, 0)),
        ("2h", (2026, 11, 28, 12, 30, 5)),
        ("90 m", (2026, 11, 28, 13, 0, 5)),
        ("3d", (2026, 11, 25, 14, 30, 5)),
        ("1795870800", (2026, 11, 28, 14, 0, 0)),
    ],
)
def test_a_moment_is_understood(told: str, meant: tuple[int, ...]) -> None:
    year, month, day, hour, minute, second = meant
    expected = datetime(year, month, day, hour, minute, second, tzinfo=BERLIN)
    assert moment_of(told, field="--at", now=int(NOW.timestamp())) == int(expected.timestamp())


@pytest.mark.parametrize("told", ["", "gestern", "25:00", "14:60", "31.2.2026", "29.2.", "2026-13-01", "999999d", "14"])
def test_what_is_no_moment_is_refused(told: str) -> None:
    with pytest.raises(InvalidField, match="--at: moment_unfit"):
        moment_of(told, field="--at", now=int(NOW.timestamp()))
