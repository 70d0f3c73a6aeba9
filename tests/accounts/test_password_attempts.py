"""Step 6: attempts are counted before the password is looked at, and whoever fails too often has to wait."""

from __future__ import annotations

import random
from functools import partial

import pytest

from smartident.accounts.account import Account
from smartident.accounts.item.row import block_pools
from smartident.accounts.limits import stale_attempts
from smartident.accounts.password_attempts import PasswordAttempt, begin_attempt
from smartident.accounts.right_password import settle
from smartident.admin.change import change_password
from smartident.errors import KeyRegistrationRequired, ServiceUnavailable, TooManyAttempts
from smartident.rate_limiting.client_address import client_address_of
from smartident.storage.writes import write
from tests.support.password_guesses import attempted, item_of, item_of_unknown_name
from tests.support.world import ELSEWHERE, HOME, NOW, PASSWORD, World

NOBODY = "999999999"


@pytest.fixture
def anna(world: World) -> Account:
    """Somebody who logs in without a phone, so that starting needs nothing but the password."""
    return world.account(two_factor=False)


def begun(world: World, name: str, address: str = HOME) -> PasswordAttempt:
    """An attempt that is counted, whatever its password will be."""
    return begin_attempt(name, client_address_of(address), now=world.now)


def block(world: World, anna: Account, address: str = HOME, *, seconds: int = 3600) -> None:
    """What a phone's "not me" does to the address that asked."""
    blocked = block_pools(anna.id, [client_address_of(address)], until=world.now + seconds)
    assert write(blocked, on_conflict=lambda _: True) is None


def test_after_five_failures_an_address_waits_even_with_the_right_password(world: World, anna: Account) -> None:
    assert [attempted(world, anna) for _ in range(6)] == ["wrong"] * 5 + [30]
    assert attempted(world, anna, PASSWORD) == 30
    world.later(20)
    assert attempted(world, anna, PASSWORD) == 10
    world.later(10)
    assert attempted(world, anna, PASSWORD) == "in"


def test_each_further_failure_doubles_the_lockout_up_to_an_hour(world: World, anna: Account) -> None:
    for _ in range(5):
        attempted(world, anna)
    waits = []
    for _ in range(9):
        seconds = attempted(world, anna)
        assert isinstance(seconds, int)
        waits.append(seconds)
        world.later(seconds)
        assert attempted(world, anna) == "wrong"
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_an_operator_who_allows_one_attempt_gets_one(world: World, anna: Account) -> None:
    world.set(PASSWORD_TRIES=1)
    assert [attempted(world, anna) for _ in range(2)] == ["wrong", 30]
    assert attempted(world, anna, PASSWORD, client_address=ELSEWHERE) == "in"


def test_the_right_password_gives_all_attempts_back(world: World, anna: Account) -> None:
    for _ in range(3):
        assert [attempted(world, anna) for _ in range(4)] == ["wrong"] * 4
        assert attempted(world, anna, PASSWORD) == "in"


def test_the_right_password_after_a_lockout_starts_lockouts_anew(world: World, anna: Account) -> None:
    for _ in range(2):
        assert [attempted(world, anna) for _ in range(6)] == ["wrong"] * 5 + [30]
        world.later(30)
        assert attempted(world, anna, PASSWORD) == "in"


def test_the_right_password_at_the_last_attempt_is_in(world: World, anna: Account) -> None:
    assert [attempted(world, anna) for _ in range(4)] == ["wrong"] * 4
    assert attempted(world, anna, PASSWORD) == "in"
    assert attempted(world, anna, PASSWORD) == "in"


def test_an_address_that_is_locked_out_holds_up_no_other(world: World, anna: Account) -> None:
    for _ in range(6):
        attempted(world, anna, client_address=ELSEWHERE)
    assert attempted(world, anna, PASSWORD) == "in"


def test_an_account_that_is_locked_holds_up_no_other(world: World, anna: Account) -> None:
    for _ in range(6):
        attempted(world, anna)
    assert attempted(world, world.account(two_factor=False), PASSWORD) == "in"


# Races


def test_two_last_attempts_at_once_lock_once_and_the_later_is_told_how_long(world: World, anna: Account) -> None:
    for _ in range(4):
        attempted(world, anna)
    world.aws.before("UpdateItem", partial(attempted, world, anna), after=1)
    assert attempted(world, anna) == 30
    assert int(item_of(anna).lockout_count[client_address_of(HOME)]) == 1


@pytest.mark.parametrize("two_factor", [True, False], ids=["without a phone yet", "password alone"])
def test_a_block_set_while_the_password_is_checked_stays_and_counts(world: World, *, two_factor: bool) -> None:
    anna = world.account(two_factor=two_factor)
    world.aws.before("TransactWriteItems", partial(block, world, anna))
    assert attempted(world, anna, PASSWORD) == 3600
    assert attempted(world, anna, PASSWORD) == 3600
    world.later(3600)
    if two_factor:
        with pytest.raises(KeyRegistrationRequired):
            world.start(anna)
    else:
        assert attempted(world, anna, PASSWORD) == "in"


def test_a_block_that_is_over_before_the_password_is_checked_still_refuses_it_once(world: World, anna: Account) -> None:
    attempt = begun(world, anna.number)
    block(world, anna, seconds=5)
    with pytest.raises(TooManyAttempts) as refused:
        settle(attempt, now=world.now + 9)
    assert refused.value.details == {"retry_after": 1}


@pytest.mark.parametrize("two_factor", [True, False], ids=["without a phone yet", "password alone"])
def test_a_password_replaced_while_the_old_one_is_checked_opens_nothing(world: World, *, two_factor: bool) -> None:
    anna = world.account(two_factor=two_factor)
    world.aws.before("TransactWriteItems", partial(change_password, anna.id, "Neun-Nashörner-9", now=world.now))
    with pytest.raises(ServiceUnavailable) as refused:
        world.start(anna)
    assert refused.value.details == {"retry_after": 1}
    assert attempted(world, anna, PASSWORD) == "wrong"


# Names of nobody


def test_a_name_of_nobody_is_counted_like_an_account_from_the_first_attempt_on(world: World, anna: Account) -> None:
    for name in (anna.number, NOBODY):
        begun(world, name)
    counted = [item_of(anna), item_of_unknown_name(NOBODY)]
    for member in ("failures_by_hour", "locked_until", "lockout_count"):
        one, other = (getattr(item, member).as_dict() for item in counted)
        assert one == other
    known, unknown = ({key: len(ids) for key, ids in item.failed_attempts.as_dict().items()} for item in counted)
    assert known == unknown == {client_address_of(HOME): 1, f"n:{client_address_of(HOME)}": 1}


@pytest.mark.parametrize("operation", ["UpdateItem", "PutItem"])
def test_first_attempts_for_a_name_of_nobody_at_once_are_all_counted(world: World, operation: str) -> None:
    world.aws.before(operation, partial(begun, world, NOBODY))
    begun(world, NOBODY)
    assert len(item_of_unknown_name(NOBODY).failed_attempts[client_address_of(HOME)]) == 2


def test_a_name_of_nobody_whose_first_attempt_was_cleaned_up_meanwhile_is_counted_anew(world: World) -> None:
    begun(world, NOBODY)
    begun(world, NOBODY)
    for _ in range(2):
        begun(world, NOBODY)
    item = item_of_unknown_name(NOBODY)
    world.aws.before("UpdateItem", item.delete, after=1)
    begun(world, NOBODY)
    assert len(item_of_unknown_name(NOBODY).failed_attempts[client_address_of(HOME)]) == 1


def test_what_counts_for_a_name_of_nobody_is_cleaned_up_but_not_before_ninety_days(world: World) -> None:
    begun(world, NOBODY)
    assert item_of_unknown_name(NOBODY).ttl == NOW + 90 * 86_400


def test_a_name_of_nobody_has_the_failures_of_an_hour_like_every_account(world: World) -> None:
    world.set(FAILURES_PER_HOUR=3)
    for number in range(3):
        begun(world, NOBODY, f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts) as refused:
        begun(world, NOBODY, "192.0.2.3")
    assert refused.value.details == {"retry_after": 3600}


def test_a_name_of_nobody_allowed_one_attempt_gets_one(world: World) -> None:
    world.set(PASSWORD_TRIES=1)
    begun(world, NOBODY)
    with pytest.raises(TooManyAttempts) as refused:
        begun(world, NOBODY)
    assert refused.value.details == {"retry_after": 30}


# Two names of one account


@pytest.fixture
def berta(world: World) -> Account:
    """Somebody who logs in by access number or e-mail."""
    return world.account(two_factor=False, email="berta@example.test")


def email_of(account: Account) -> str:
    assert account.email
    return account.email


def test_two_names_of_an_account_do_not_double_the_attempts(world: World, berta: Account) -> None:
    assert [attempted(world, berta.number) for _ in range(4)] == ["wrong"] * 4
    assert attempted(world, email_of(berta)) == "wrong"
    assert [attempted(world, name, PASSWORD) for name in (email_of(berta), berta.number)] == ["wrong"] * 2
    assert client_address_of(HOME) not in item_of(berta).trusted_addresses.as_dict()
    assert attempted(world, berta, PASSWORD, client_address=ELSEWHERE) == "in"
    world.later(30)
    assert attempted(world, berta, PASSWORD) == "in"


@pytest.mark.parametrize("turn", range(2))
def test_no_answer_tells_that_two_names_are_one_account(world: World, berta: Account, turn: int) -> None:
    world.set(FAILURES_PER_HOUR=12)
    chosen = random.Random(turn)  # noqa: S311  an order of attempts, a reproducible one
    ours, nobodys = (berta.number, email_of(berta)), (NOBODY, "nobody@example.test")
    told = set()
    for _ in range(40):
        which, address = chosen.randrange(2), f"192.0.2.{chosen.randrange(4)}"
        ends = [refusal(world, names[which], address) for names in (ours, nobodys)]
        assert ends[0] == ends[1]
        told.add(ends[0])
        world.later(chosen.choice([0, 0, 1, 30, 60]))
    assert len(told) > 2


def refusal(world: World, name: str, address: str) -> object:
    """For how long an attempt is refused, or nothing."""
    try:
        begun(world, name, address)
    except TooManyAttempts as refused:
        return refused.details["retry_after"]
    return None


def test_that_was_not_me_is_told_by_both_names(world: World, berta: Account) -> None:
    block(world, berta)
    assert [attempted(world, name, PASSWORD) for name in (berta.number, email_of(berta))] == [3600] * 2


# The item stays small, whoever tries


def counted_addresses(account: Account) -> dict[str, int]:
    """How many attempts count for the account, by address."""
    attempts = item_of(account).failed_attempts.as_dict()
    return {address: len(ids) for address, ids in attempts.items() if ":" not in address}


def many_strangers(world: World, anna: Account, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Attempts from more addresses than the item keeps without need; these are what it calls them."""
    monkeypatch.setattr(stale_attempts, "MAX_COUNTED_ADDRESSES", 1)
    for number in range(4):
        begun(world, anna.number, f"192.0.2.{number}")
    return [client_address_of(f"192.0.2.{number}") for number in range(4)]


def test_an_address_is_forgotten_after_a_quiet_hour_when_there_are_many(
    world: World, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers = many_strangers(world, anna, monkeypatch)
    world.later(3599)
    begun(world, anna.number)
    assert counted_addresses(anna).keys() == {*strangers, client_address_of(HOME)}
    world.later(1)
    begun(world, anna.number)
    assert counted_addresses(anna) == {client_address_of(HOME): 2}


def test_an_address_whose_lockout_is_over_is_not_forgotten_before_another_hour(
    world: World, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers = many_strangers(world, anna, monkeypatch)
    world.set(PASSWORD_TRIES=2)
    begun(world, anna.number, "192.0.2.1")
    world.later(3629)
    begun(world, anna.number)
    assert counted_addresses(anna).keys() == {strangers[1], client_address_of(HOME)}
    world.later(1)
    begun(world, anna.number)
    assert counted_addresses(anna).keys() == {client_address_of(HOME)}


def test_an_address_that_comes_back_while_it_is_forgotten_is_counted_on(
    world: World, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers = many_strangers(world, anna, monkeypatch)
    world.later(3600)
    world.aws.before("UpdateItem", partial(begun, world, anna.number, "192.0.2.1"), after=1)
    begun(world, anna.number)
    assert counted_addresses(anna)[strangers[1]] == 2


def test_hours_that_are_over_are_forgotten_when_there_are_many(world: World, anna: Account) -> None:
    for _ in range(11):
        world.later(3600)
        begun(world, anna.number)
    assert set(item_of(anna).failures_by_hour.as_dict()) == {
        f"{prefix}{world.now // 3600 - ago}" for prefix in ("", "n:") for ago in (0, 1)
    }
