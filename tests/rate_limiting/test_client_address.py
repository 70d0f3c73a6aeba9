"""Step 6: one client address may send so many wrong passwords an hour, on whichever accounts it tries them."""

from __future__ import annotations

from functools import partial

import pytest

from smartident.accounts.account import Account
from smartident.accounts.item.row import account_key, read_item
from smartident.errors import ServiceUnavailable, TooManyAttempts
from smartident.rate_limiting.client_address import client_address_of, forget_failure
from smartident.rate_limiting.counters import CounterRow
from tests.support.concurrency import at_once, codes
from tests.support.password_guesses import WRONG, attempted
from tests.support.world import ELSEWHERE, HOME, NOW, PASSWORD, World

LEFT = 3600 - NOW % 3600


@pytest.fixture
def people(world: World) -> list[Account]:
    """Many accounts, and a limit that is soon reached."""
    world.set(ADDRESS_FAILURES=4, FAILED_ANSWER_MS=0)
    return [world.account(two_factor=False) for _ in range(8)]


def sprayed(world: World, people: list[Account]) -> list[str | int]:
    """One wrong password on each of these accounts, from one address."""
    return [attempted(world, one, client_address=ELSEWHERE) for one in people]


def test_one_password_tried_on_many_accounts_stops_after_so_many(world: World, people: list[Account]) -> None:
    assert sprayed(world, people[:6]) == ["wrong"] * 4 + [LEFT] * 2


def test_an_exhausted_address_is_not_even_told_when_it_is_right(world: World, people: list[Account]) -> None:
    sprayed(world, people[:4])
    assert attempted(world, people[5], PASSWORD, client_address=ELSEWHERE) == LEFT
    assert attempted(world, people[5], WRONG, client_address=ELSEWHERE) == LEFT
    assert attempted(world, people[5], PASSWORD) == "in"


def test_names_that_nobody_has_are_counted_alike(world: World, people: list[Account]) -> None:
    for number in range(4):
        status = world.http(
            "POST", "/v1/logins", {"identifier": f"99{number}", "password": WRONG}, client_address=ELSEWHERE
        )[0]
        assert status == 401
    _, headers, problem = world.http(
        "POST", "/v1/logins", {"identifier": "999", "password": WRONG}, client_address=ELSEWHERE
    )
    assert problem["code"] == "too_many_attempts"
    assert 0 < int(headers["Retry-After"]) <= 3600


def test_who_has_logged_in_from_there_before_still_does(world: World, people: list[Account]) -> None:
    assert attempted(world, people[0], PASSWORD, client_address=ELSEWHERE) == "in"
    sprayed(world, people[1:5])
    assert attempted(world, people[0], PASSWORD, client_address=ELSEWHERE) == "in"
    assert attempted(world, people[0], WRONG, client_address=ELSEWHERE) == LEFT


def test_the_next_hour_begins_anew(world: World, people: list[Account]) -> None:
    sprayed(world, people[:5])
    world.later(LEFT - 1)
    assert attempted(world, people[6], client_address=ELSEWHERE) == 1
    world.later(1)
    assert attempted(world, people[7], PASSWORD, client_address=ELSEWHERE) == "in"


def test_no_key_is_registered_from_an_exhausted_address(world: World, people: list[Account]) -> None:
    sprayed(world, people[:4])
    with pytest.raises(TooManyAttempts) as refused:
        world.register(people[5], world.new_phone(), client_address=ELSEWHERE)
    assert refused.value.details == {"retry_after": LEFT}
    assert len(world.sms) == 0


def test_many_at_once_learn_no_more_than_one_after_another(world: World, people: list[Account]) -> None:
    asks = [partial(world.start, one, password=WRONG, client_address=ELSEWHERE) for one in people * 2]
    answers = codes(at_once(*asks))
    assert (answers.count("invalid_credentials"), answers.count("too_many_attempts")) == (4, 12)


def test_an_address_exhausted_while_its_password_is_checked_starts_nothing(world: World, people: list[Account]) -> None:
    world.aws.before("TransactWriteItems", lambda: sprayed(world, people[1:5]))
    assert attempted(world, people[0], PASSWORD, client_address=ELSEWHERE) == LEFT
    world.aws.before("TransactWriteItems", lambda: sprayed(world, people[1:5]))
    world.later(LEFT)
    with pytest.raises(TooManyAttempts):
        world.register(people[0], world.new_phone(), client_address=ELSEWHERE)


def test_an_account_erased_while_its_password_is_checked_does_not_come_back(
    world: World, people: list[Account]
) -> None:
    world.aws.before("TransactWriteItems", account_key(people[0].id).delete)
    with pytest.raises(ServiceUnavailable):
        world.register(people[0], world.new_phone())
    assert read_item(people[0].id) is None


def test_a_settlement_that_is_always_outrun_asks_to_come_back(world: World, people: list[Account]) -> None:
    world.aws.fails("TransactWriteItems", "TransactionCanceledException", reason="TransactionConflict")
    with pytest.raises(ServiceUnavailable) as refused:
        world.register(people[0], world.new_phone())
    assert refused.value.details == {"retry_after": 1}
    world.aws.mends()
    world.register(people[0], world.new_phone())
    assert len(world.sms) == 1


def counter() -> CounterRow:
    """The one counter of an address."""
    (row,) = [row for row in CounterRow.scan() if "#address#" in row.pk]
    return row


def test_the_counter_names_no_address_and_goes_by_itself(world: World, people: list[Account]) -> None:
    sprayed(world, people[:1])
    assert ELSEWHERE not in counter().pk
    assert world.now < counter().ttl <= world.now + 2 * 3600


def test_what_is_given_back_is_not_less_than_nothing(world: World, people: list[Account]) -> None:
    sprayed(world, people[:1])
    for _ in range(2):
        forget_failure(client_address_of(ELSEWHERE), at=world.now)
    assert int(counter().times) == 0
    assert sprayed(world, people[1:6]) == ["wrong"] * 4 + [LEFT]


# What one address is


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8::1", "2001:0db8:0:0::2"),
        ("198.51.100.7", "198.51.100.7"),
        ("no address", "no address"),
    ],
    ids=["one /64", "one /64, written in two ways", "one IPv4", "what is no address"],
)
def test_one_household_is_one_client_address(world: World, one: str, other: str) -> None:
    assert client_address_of(one) == client_address_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("198.51.100.7", "198.51.100.8"),
        ("no address", "neither"),
    ],
    ids=["two /64", "two IPv4", "what is no address"],
)
def test_two_households_are_two_client_addresses(world: World, one: str, other: str) -> None:
    assert client_address_of(one) != client_address_of(other)


def test_a_client_address_is_kept_as_a_hash(world: World) -> None:
    assert "198" not in client_address_of(HOME)
    assert len(client_address_of(HOME)) == 16
