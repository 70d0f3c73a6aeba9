"""Step 6: an account takes so many wrong passwords an hour from all strangers; the owner at home is not bound by it."""

from __future__ import annotations

from functools import partial

import pytest

from smartident.accounts.account import Account
from smartident.accounts.password_attempts import begin_attempt
from smartident.accounts.right_password import settle
from smartident.rate_limiting.client_address import client_address_of
from tests.support.password_guesses import attempted, item_of
from tests.support.world import ELSEWHERE, HOME, NOW, PASSWORD, World

HOUR = NOW // 3600


def strangers(world: World, account: Account, count: int, *, first: int = 1) -> list[str | int]:
    """One wrong password from each of so many addresses."""
    return [attempted(world, account, client_address=f"192.0.2.{number}") for number in range(first, first + count)]


def failures(account: Account) -> dict[str, int]:
    """What the account's item counts, by hour."""
    return {hour: int(count) for hour, count in item_of(account).failures_by_hour.as_dict().items()}


@pytest.fixture
def anna(world: World) -> Account:
    """Somebody who logs in without a phone, so that starting needs nothing but the password."""
    return world.account(two_factor=False)


def test_strangers_together_are_stopped_and_the_owner_is_not(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=10)
    assert attempted(world, anna, PASSWORD) == "in"
    world.later(100)
    assert strangers(world, anna, 11) == ["wrong"] * 10 + [3500]
    assert attempted(world, anna, PASSWORD, client_address=ELSEWHERE) == 3500
    assert [attempted(world, anna), attempted(world, anna, PASSWORD)] == ["wrong", "in"]


def test_an_attempt_beyond_the_failures_of_an_hour_writes_nothing(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=2)
    assert attempted(world, anna, PASSWORD) == "in"
    strangers(world, anna, 3)
    before = item_of(anna).serialize()
    strangers(world, anna, 20)
    assert item_of(anna).serialize() == before


def test_the_failures_of_an_hour_no_longer_count_in_the_next(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=10)
    world.later(3599)
    assert strangers(world, anna, 11) == ["wrong"] * 10 + [1]
    world.later(1)
    assert strangers(world, anna, 11) == ["wrong"] * 10 + [3600]


def test_failures_count_for_the_name_typed_and_for_the_account(world: World, anna: Account) -> None:
    strangers(world, anna, 6)
    assert failures(anna) == {f"n:{HOUR}": 6, f"{HOUR}": 6}


def test_strangers_who_come_at_once_are_all_counted(world: World, anna: Account) -> None:
    strangers(world, anna, 5)
    world.aws.before("UpdateItem", partial(strangers, world, anna, 3))
    assert attempted(world, anna, client_address="192.0.2.51") == "wrong"
    assert failures(anna)[f"{HOUR}"] == 9


def test_strangers_who_come_at_once_find_the_limit_all_the_same(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=10)
    strangers(world, anna, 8)
    world.later(60)
    world.aws.before("UpdateItem", partial(strangers, world, anna, 2, first=101))
    assert attempted(world, anna, client_address="192.0.2.51") == 3540


def test_the_right_password_in_the_next_hour_forgets_what_the_address_failed_before(
    world: World, anna: Account
) -> None:
    assert [attempted(world, anna) for _ in range(2)] == ["wrong"] * 2
    world.later(3600)
    assert attempted(world, anna, PASSWORD) == "in"
    assert item_of(anna).failed_attempts.as_dict() == {}


def test_the_right_password_gives_its_own_attempt_back_and_no_strangers(world: World, anna: Account) -> None:
    strangers(world, anna, 8)
    for client_address in (HOME, ELSEWHERE):
        assert attempted(world, anna, PASSWORD, client_address=client_address) == "in"
        assert failures(anna) == {f"n:{HOUR}": 8, f"{HOUR}": 8}


def test_a_right_password_over_the_hour_is_given_back_to_the_hour_it_was_counted_in(
    world: World, anna: Account
) -> None:
    world.later(3599)
    attempt = begin_attempt(anna.number, client_address_of(HOME), now=world.now)
    world.later(1)
    strangers(world, anna, 3)
    settle(attempt, now=world.now)
    assert (failures(anna)[f"{HOUR}"], failures(anna)[f"{HOUR + 1}"]) == (0, 3)


def test_an_attempt_is_given_back_once_however_often_it_is_settled(world: World, anna: Account) -> None:
    strangers(world, anna, 3)
    attempt = begin_attempt(anna.number, client_address_of(HOME), now=world.now)
    for _ in range(2):
        settle(attempt, now=world.now)
        assert failures(anna)[f"{HOUR}"] == 3


def test_an_attempt_costs_one_write_and_its_failure_another(world: World, anna: Account) -> None:
    world.aws.clear()
    attempted(world, anna)
    assert world.aws.operations() == ["GetItem", "UpdateItem", "UpdateItem"]


def test_ten_trusted_addresses_are_remembered_the_latest_first(world: World, anna: Account) -> None:
    for number in range(12):
        assert attempted(world, anna, PASSWORD, client_address=f"192.0.2.{number}") == "in"
        world.later(1)
    trusted = set(item_of(anna).trusted_addresses.as_dict())
    assert trusted == {client_address_of(f"192.0.2.{number}") for number in range(2, 12)}


def test_a_trusted_address_is_written_down_once_a_day(world: World, anna: Account) -> None:
    attempted(world, anna, PASSWORD)
    first = world.now
    world.later(86_400)
    attempted(world, anna, PASSWORD)
    assert int(item_of(anna).trusted_addresses[client_address_of(HOME)]) == first
    world.later(1)
    attempted(world, anna, PASSWORD)
    assert int(item_of(anna).trusted_addresses[client_address_of(HOME)]) == world.now
