"""Step 6: one source may bring so many wrong passwords an hour, on whichever accounts it tries them."""

from __future__ import annotations

import pytest

from smartident.accounts.account import (
    Account,
    AccountRow,
    read_item,
)
from smartident.errors import ServiceUnavailable, TooManyAttempts
from smartident.rate_limiting.counters import (
    CounterRow,
)
from tests.support.concurrency import at_once, codes
from tests.support.password_guesses import WRONG, tried
from tests.support.world import ELSEWHERE, HOME, NOW, PASSWORD, World

LEFT = 3600 - NOW % 3600


@pytest.fixture
def people(world: World) -> list[Account]:
    """Many accounts, and a limit that is soon reached."""
    world.set(ADDRESS_FAILURES=4, FAILED_ANSWER_MS=0)
    return [world.account(two_factor=False) for _ in range(8)]


def sprayed(world: World, people: list[Account]) -> list[str | int]:
    """One wrong password on each of these accounts, from one address."""
    return [tried(world, one, source=ELSEWHERE) for one in people]


def test_one_password_tried_on_many_accounts_stops_after_so_many(world: World, people: list[Account]) -> None:
    assert sprayed(world, people[:6]) == ["wrong"] * 4 + [LEFT] * 2


def test_an_exhausted_source_is_not_even_told_when_it_is_right(world: World, people: list[Account]) -> None:
    sprayed(world, people[:4])
    assert tried(world, people[5], PASSWORD, source=ELSEWHERE) == LEFT
    assert tried(world, people[5], WRONG, source=ELSEWHERE) == LEFT
    assert tried(world, people[5], PASSWORD) == "in"


def test_names_that_nobody_has_are_counted_alike(world: World, people: list[Account]) -> None:
    for number in range(4):
        status = world.http("POST", "/v1/logins", {"identifier": f"99{number}", "password": WRONG}, source=ELSEWHERE)[0]
        assert status == 401
    _, headers, problem = world.http("POST", "/v1/logins", {"identifier": "999", "password": WRONG}, source=ELSEWHERE)
    assert problem["code"] == "too_many_attempts"
    assert 0 < int(headers["Retry-After"]) <= 3600


def test_who_has_logged_in_from_there_before_still_does(world: World, people: list[Account]) -> None:
    assert tried(world, people[0], PASSWORD, source=ELSEWHERE) == "in"
    sprayed(world, people[1:5])
    assert tried(world, people[0], PASSWORD, source=ELSEWHERE) == "in"
    assert tried(world, people[0], WRONG, source=ELSEWHERE) == LEFT


def test_the_next_hour_begins_anew(world: World, people: list[Account]) -> None:
    sprayed(world, people[:5])
    world.later(LEFT - 1)
    assert tried(world, people[6], source=ELSEWHERE) == 1
    world.later(1)
    assert tried(world, people[7], PASSWORD, source=ELSEWHERE) == "in"


def test_no_key_is_registered_from_an_exhausted_source(world: World, people: list[Account]) -> None:
    sprayed(world, people[:4])
    with pytest.raises(TooManyAttempts) as refused:
        world.register(people[5], world.new_phone(), source=ELSEWHERE)
    assert refused.value.details == {"retry_after": LEFT}
    assert len(world.sms) == 0


def test_sixty_four_at_once_learn_no_more_than_one_after_another(world: World) -> None:
    world.set(ADDRESS_FAILURES=10)
    people = [world.account(two_factor=False) for _ in range(64)]
    asks = [lambda one=one: world.start(one, password=WRONG, source=ELSEWHERE) for one in people]
    answers = codes(at_once(*asks))
    assert (answers.count("invalid_credentials"), answers.count("too_many_attempts")) == (10, 54)


def test_a_source_exhausted_while_its_password_is_checked_starts_nothing(world: World, people: list[Account]) -> None:
    world.aws.before("TransactWriteItems", lambda: sprayed(world, people[1:5]))
    assert tried(world, people[0], PASSWORD, source=ELSEWHERE) == LEFT
    world.aws.before("TransactWriteItems", lambda: sprayed(world, people[1:5]))
    world.later(LEFT)
    with pytest.raises(TooManyAttempts):
        world.register(people[0], world.new_phone(), source=ELSEWHERE)


def test_an_account_erased_while_its_password_is_checked_does_not_come_back(
    world: World, people: list[Account]
) -> None:
    world.aws.before("TransactWriteItems", AccountRow(people[0].id, "ACCOUNT").delete)
    with pytest.raises(ServiceUnavailable):
        world.register(people[0], world.new_phone())
    assert read_item(people[0].id) is None


def test_a_clearing_that_is_always_outrun_asks_to_come_back(world: World, people: list[Account]) -> None:
    world.aws.fails("TransactWriteItems", "TransactionCanceledException", reason="TransactionConflict")
    with pytest.raises(ServiceUnavailable) as refused:
        world.register(people[0], world.new_phone())
    assert refused.value.details == {"retry_after": 1}
    world.aws.mends()
    world.register(people[0], world.new_phone())
    assert len(world.sms) == 1


def test_the_counter_names_no_address_and_goes_by_itself(world: World, people: list[Account]) -> None:
    sprayed(world, people[:1])
    (row,) = [row for row in CounterRow.scan() if "#source#" in row.pk]
    assert ELSEWHERE not in row.pk
    assert HOME not in row.pk
    assert world.now < row.ttl <= world.now + 2 * 3600
