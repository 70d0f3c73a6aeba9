"""The crowd that `make bench` measures with: people who log in at once, by WebSocket and by asking."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bench.laptop_stack import Laptop, running
from bench.throughput import measured
from bench.waiting import paced

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def laptop() -> Iterator[Laptop]:
    with running(6) as laptop:
        yield laptop


def test_everybody_of_a_crowd_logs_in(laptop: Laptop) -> None:
    row = measured(laptop, laptop.people[:4], 2)
    assert (row["logins"], row["errors"], row["people"]) == (4, 0, 2)
    assert set(row["cpu_ms"]) == {"gateway", "functions", "table", "client"}


def test_a_page_that_asks_instead_gets_its_token_too(laptop: Laptop) -> None:
    assert len(asyncio.run(paced(laptop, laptop.people[4:], 0.1, 50.0))) == 2
