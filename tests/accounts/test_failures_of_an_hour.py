"""Step 6: strangers all over the world share one pool of tries, and the owner at a known address stays out of it."""

from __future__ import annotations

from functools import partial

import pytest

from smartident.accounts.account import Account
from smartident.rate_limiting.client_address import client_address_of
from tests.support.password_guesses import guard_of, tried
from tests.support.world import ELSEWHERE, HOME, PASSWORD, World


def strangers(world: World, account: Account, count: int) -> list[str | int]:
    """One wrong try from each of so many addresses."""
    return [tried(world, account, source=f"192.0.2.{number}") for number in range(1, count + 1)]


@pytest.fixture
def anna(world: World) -> Account:
    """Somebody who logs in without a phone, so that starting needs nothing but the password."""
    return world.account(two_factor=False)


def test_strangers_together_are_stopped_and_the_owner_is_not(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=10)
    assert tried(world, anna, PASSWORD) == "in"
    world.later(100)
    assert strangers(world, anna, 11) == ["wrong"] * 10 + [3500]
    assert tried(world, anna, PASSWORD, source=ELSEWHERE) == 3500
    assert [tried(world, anna), tried(world, anna, PASSWORD)] == ["wrong", "in"]


def test_a_full_pool_writes_nothing(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=2)
    assert tried(world, anna, PASSWORD) == "in"
    strangers(world, anna, 3)
    before = guard_of(anna).serialize()
    strangers(world, anna, 20)
    assert guard_of(anna).serialize() == before


def test_an_hour_later_the_pool_is_new_and_what_is_over_is_forgotten(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=10)
    assert tried(world, anna, PASSWORD) == "in"
    strangers(world, anna, 4)
    for _ in range(6):
        tried(world, anna, source=ELSEWHERE)
    assert tried(world, anna, source="192.0.2.99") == "wrong"
    world.later(3599)
    assert tried(world, anna, source="192.0.2.100") == 1
    world.later(1)
    assert tried(world, anna, source="192.0.2.100") == "wrong"
    row = guard_of(anna)
    assert (int(row.pool), int(row.pool_since)) == (1, world.now)
    assert set(row.failed_attempts.as_dict()) == {client_address_of("192.0.2.100"), client_address_of(ELSEWHERE)}
    assert set(row.locked_until.as_dict()) == set(row.lockout_count.as_dict()) == {client_address_of(ELSEWHERE)}


def test_the_right_password_forgets_a_sources_tries_also_when_the_pool_is_new(world: World, anna: Account) -> None:
    assert tried(world, anna) == "wrong"
    assert tried(world, anna) == "wrong"
    world.later(3600)
    assert tried(world, anna, PASSWORD) == "in"
    assert guard_of(anna).failed_attempts.as_dict() == {}


def test_a_first_crowd_of_strangers_opens_the_window(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=10)
    assert set(strangers(world, anna, 6)) == {"wrong"}
    assert (int(guard_of(anna).pool), int(guard_of(anna).pool_since)) == (1, world.now)


def test_a_window_renewed_meanwhile_is_not_renewed_over(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=10)
    strangers(world, anna, 5)
    world.aws.before("UpdateItem", partial(strangers, world, anna, 3), after=1)
    assert tried(world, anna, source="192.0.2.51") == "wrong"
    assert int(guard_of(anna).pool) == 3


def test_a_quiet_account_pays_one_write_a_try_and_the_source_another(world: World, anna: Account) -> None:
    tried(world, anna)
    world.aws.clear()
    tried(world, anna)
    assert world.aws.operations() == ["GetItem", "UpdateItem", "UpdateItem"]


def test_ten_known_sources_are_remembered_the_latest_first(world: World, anna: Account) -> None:
    for number in range(12):
        assert tried(world, anna, PASSWORD, source=f"192.0.2.{number}") == "in"
        world.later(1)
    known = set(guard_of(anna).trusted_addresses.as_dict())
    assert known == {client_address_of(f"192.0.2.{number}") for number in range(2, 12)}


def test_the_right_password_takes_its_own_try_off_the_pool_and_no_strangers(world: World, anna: Account) -> None:
    assert tried(world, anna, PASSWORD) == "in"
    strangers(world, anna, 8)
    before = int(guard_of(anna).pool)
    assert tried(world, anna, PASSWORD) == "in"
    assert int(guard_of(anna).pool) == before > 1


def test_a_known_source_is_written_down_once_a_day(world: World, anna: Account) -> None:
    tried(world, anna, PASSWORD)
    first = world.now
    world.later(86_400)
    tried(world, anna, PASSWORD)
    assert int(guard_of(anna).trusted_addresses[client_address_of(HOME)]) == first
    world.later(1)
    tried(world, anna, PASSWORD)
    assert int(guard_of(anna).trusted_addresses[client_address_of(HOME)]) == world.now
