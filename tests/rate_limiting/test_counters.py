"""Counters: met exactly, and a write whose answer got lost counts once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from smartident.errors import TooManyAttempts
from smartident.rate_limiting.counters import CounterRow, RateLimit
from tests.support.concurrency import at_once, codes
from tests.support.lost_answers import lost_answers
from tests.support.world import NOW

if TYPE_CHECKING:
    from tests.support.world import World

pytestmark = pytest.mark.usefixtures("world")
WINDOW = 3600
LIMIT = RateLimit("thing", "x", max=3, window=WINDOW)


def counted() -> int:
    return int(CounterRow.get("LIMIT#thing#x", str(NOW // WINDOW), consistent_read=True).times)


@pytest.mark.parametrize("before", [0, 1, 2], ids=["the first", "one in between", "the last"])
def test_a_count_whose_answer_got_lost_counts_once(before: int) -> None:
    for _ in range(before):
        LIMIT.count_one(now=NOW)
    with lost_answers("UpdateItem", 2):
        assert LIMIT.count_one(now=NOW) == before + 1
    assert counted() == before + 1


def test_what_is_given_back_with_its_answer_lost_is_given_back_once() -> None:
    for _ in range(3):
        LIMIT.count_one(now=NOW)
    with lost_answers("UpdateItem", 2):
        LIMIT.give_back(now=NOW)
    assert counted() == 2


def test_what_exceeds_the_limit_is_not_counted_and_told_when_to_come_again() -> None:
    for _ in range(3):
        LIMIT.count_one(now=NOW)
    with pytest.raises(TooManyAttempts) as refused:
        LIMIT.count_one(now=NOW + 1)
    assert refused.value.details == {"retry_after": WINDOW - (NOW + 1) % WINDOW}
    assert counted() == 3
    assert LIMIT.count_one(now=NOW + WINDOW) == 1


def test_a_limit_of_nothing_lets_nothing_through() -> None:
    with pytest.raises(TooManyAttempts):
        RateLimit("thing", "x", max=0).count_one(now=NOW)


def test_many_at_once_are_counted_exactly(world: World) -> None:
    answers = codes(at_once(*[partial(LIMIT.count_one, now=NOW)] * 12))
    assert (answers.count("ok"), answers.count("too_many_attempts")) == (3, 9)
    assert counted() == 3
