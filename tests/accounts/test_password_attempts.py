"""Step 6: tries are counted before the password is looked at, per source and over all, and never lock the owner out."""

from __future__ import annotations

from functools import partial

import pytest

from smartident.accounts.account import (
    Account,
)
from smartident.accounts.item import (
    AccountRow,
)
from smartident.accounts.password_attempts import hold_source, raise_tries
from smartident.crypto.pepper import mac
from smartident.errors import KeyRegistrationRequired, TooManyAttempts
from smartident.rate_limiting.client_address import client_address_of
from tests.support.password_guesses import guard_of, tried
from tests.support.world import ELSEWHERE, HOME, PASSWORD, World


@pytest.fixture
def anna(world: World) -> Account:
    """Somebody who logs in without a phone, so that starting needs nothing but the password."""
    return world.account(two_factor=False)


def test_after_five_wrong_tries_a_source_waits_even_with_the_right_password(world: World, anna: Account) -> None:
    assert [tried(world, anna) for _ in range(6)] == ["wrong"] * 5 + [30]
    assert tried(world, anna, PASSWORD) == 30
    world.later(20)
    assert tried(world, anna, PASSWORD) == 10
    world.later(10)
    assert tried(world, anna, PASSWORD) == "in"


def test_each_further_wrong_try_doubles_the_wait_up_to_an_hour(world: World, anna: Account) -> None:
    for _ in range(5):
        tried(world, anna)
    waits = []
    for _ in range(9):
        seconds = tried(world, anna)
        assert isinstance(seconds, int)
        waits.append(seconds)
        world.later(seconds)
        assert tried(world, anna) == "wrong"
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_the_right_password_gives_all_tries_back(world: World, anna: Account) -> None:
    for _ in range(3):
        assert [tried(world, anna) for _ in range(4)] == ["wrong"] * 4
        assert tried(world, anna, PASSWORD) == "in"


def test_the_right_password_after_a_wait_starts_the_waits_anew(world: World, anna: Account) -> None:
    for _ in range(2):
        assert [tried(world, anna) for _ in range(6)] == ["wrong"] * 5 + [30]
        world.later(30)
        assert tried(world, anna, PASSWORD) == "in"


def test_the_right_password_at_the_last_try_is_in(world: World, anna: Account) -> None:
    assert [tried(world, anna) for _ in range(4)] == ["wrong"] * 4
    assert tried(world, anna, PASSWORD) == "in"
    assert tried(world, anna, PASSWORD) == "in"


def test_one_source_that_waits_holds_up_no_other(world: World, anna: Account) -> None:
    for _ in range(6):
        tried(world, anna, source=ELSEWHERE)
    assert tried(world, anna, PASSWORD) == "in"


def test_one_account_that_waits_holds_up_no_other(world: World, anna: Account) -> None:
    for _ in range(6):
        tried(world, anna)
    assert tried(world, world.account(two_factor=False), PASSWORD) == "in"


# Races


def test_two_last_tries_at_once_claim_one_wait(world: World, anna: Account) -> None:
    for _ in range(4):
        tried(world, anna)
    world.aws.before("UpdateItem", partial(tried, world, anna), after=1)
    assert tried(world, anna) == 30
    assert int(guard_of(anna).lockout_count[client_address_of(HOME)]) == 1


def test_a_hold_set_while_the_password_is_checked_counts(world: World) -> None:
    anna, source = world.account(), client_address_of(HOME)
    held = hold_source(source, until=world.now + 3600)
    world.aws.before("TransactWriteItems", lambda: AccountRow(anna.id, "ACCOUNT").update(actions=held))
    assert tried(world, anna, PASSWORD) == 3600
    world.later(3600)
    with pytest.raises(KeyRegistrationRequired):
        world.start(anna)


def test_the_guards_of_unknown_names_are_counted_alike_at_once(world: World) -> None:
    guard, source = "UNKNOWN#" + mac("identifier", "999"), client_address_of(HOME)
    world.aws.before("PutItem", partial(raise_tries, guard, source, now=world.now))
    assert int(raise_tries(guard, source, now=world.now).tries[source]) == 2


def test_the_guard_of_an_unknown_name_is_cleaned_up_but_not_before_ninety_days(world: World) -> None:
    guard = "UNKNOWN#" + mac("identifier", "999")
    assert raise_tries(guard, client_address_of(HOME), now=world.now).ttl == world.now + 90 * 86_400


def test_an_unknown_name_has_a_pool_like_every_account(world: World) -> None:
    world.set(FAILURES_PER_HOUR=3)
    guard = "UNKNOWN#" + mac("identifier", "999")
    for number in range(3):
        raise_tries(guard, client_address_of(f"192.0.2.{number}"), now=world.now)
    with pytest.raises(TooManyAttempts) as refused:
        raise_tries(guard, client_address_of("192.0.2.3"), now=world.now)
    assert refused.value.details == {"retry_after": 3600}


# Sources


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
def test_one_household_is_one_source(world: World, one: str, other: str) -> None:
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
def test_two_households_are_two_sources(world: World, one: str, other: str) -> None:
    assert client_address_of(one) != client_address_of(other)


def test_a_source_does_not_tell_the_address(world: World) -> None:
    assert "198" not in client_address_of(HOME)
    assert len(client_address_of(HOME)) == 16
