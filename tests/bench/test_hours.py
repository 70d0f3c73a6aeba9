"""What the bench counts does not depend on when somebody runs it."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING

from bench import database

if TYPE_CHECKING:
    import pytest

    from bench.meter import Entry


def test_stories_that_an_hour_divides_are_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times, tellings = iter([3599, 3600, 3600, 3601]), count(1)
    monkeypatch.setattr(database, "time", SimpleNamespace(time=lambda: next(times)))

    def tell() -> dict[str, list[Entry]]:
        return {f"telling {next(tellings)}": []}

    assert database.within_an_hour(tell) == {"telling 2": []}
