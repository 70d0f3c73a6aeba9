"""Who has the password may begin as many registrations as they like: the codes that they guess are counted together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import read_account
from smartident.accounts.limits.wrong_sms_codes_of_day import count_wrong_sms_code
from smartident.admin.unlock import unlock
from smartident.errors import CodeExhausted, CodeWrong, TooManyAttempts
from smartident.storage.table import DAY
from smartident_client.answers import Registration as Registered
from tests.support.enrolment import devices, other_code
from tests.support.password_guesses import item_of
from tests.support.world import NOW, Phone, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account

TOMORROW = DAY - NOW % DAY


def guess(world: World, phone: Phone, registered: Registered, code: str) -> None:
    with pytest.raises((CodeWrong, CodeExhausted)):
        world.verify(registered, phone, code)


def three_guesses(world: World, phone: Phone, registered: Registered) -> None:
    """All that a registration takes. Codes are random: that one of these is the right one is one in 300,000."""
    for code in ("000000", "000001", "000002"):
        guess(world, phone, registered, code)


def wrong_codes(world: World, anna: Account, count: int, *, first: int = 0) -> None:
    """So many wrong codes that are counted on the account."""
    for number in range(first, first + count):
        count_wrong_sms_code(anna.id, f"attempt {number}", now=world.now)


def one_more(world: World, anna: Account) -> Callable[[], None]:
    """A wrong code that is counted at the same moment."""
    return lambda: wrong_codes(world, anna, 1, first=99)


def counted(account: Account) -> tuple[int, int]:
    """How many wrong codes the account has had, and on which day."""
    item = item_of(account)
    return len(item.wrong_sms_codes or ()), int(item.wrong_sms_codes_day)


@pytest.fixture
def anna(world: World) -> Account:
    """An account that may have two SMS a day, and so six wrong codes."""
    world.set(SMS_PER_ACCOUNT_DAY=2)
    return world.account()


def test_codes_of_two_days_are_not_to_be_guessed_on_one(world: World, anna: Account) -> None:
    """Registrations from just before midnight are added to those of the new day."""
    phones = [world.new_phone() for _ in range(4)]
    world.later(TOMORROW - 30)
    begun = [(phone, world.register(anna, phone)) for phone in phones[:2]]
    world.later(30)
    begun += [(phone, world.register(anna, phone)) for phone in phones[2:]]
    for phone, registered in begun[:2]:
        three_guesses(world, phone, registered)
    phone, registered = begun[2]
    with pytest.raises(TooManyAttempts) as refused:
        world.verify(registered, phone, "000000")
    assert refused.value.details == {"retry_after": DAY}


def test_after_so_many_wrong_codes_not_even_the_right_one_counts_until_tomorrow(world: World, anna: Account) -> None:
    phone = world.new_phone()
    registered = world.register(anna, phone)
    right = world.sms.code()
    wrong_codes(world, anna, 6)
    calls = []
    for code in (right, other_code(right)):
        world.aws.clear()
        with pytest.raises(TooManyAttempts) as refused:
            world.verify(registered, phone, code)
        assert refused.value.details == {"retry_after": TOMORROW}
        calls.append(world.aws.operations())
    assert calls[0] == calls[1] == ["GetItem", "UpdateItem", "GetItem"], "told apart by what is done"
    assert devices(anna.id) == []
    world.later(TOMORROW)
    assert world.phone(anna).account_id == anna.id


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_a_code_on_its_way_is_outrun_by_too_many_wrong_ones(world: World, anna: Account, *, right: bool) -> None:
    phone = world.new_phone()
    registered = world.register(anna, phone)
    wrong_codes(world, anna, 5)
    code = world.sms.code() if right else other_code(world.sms.code())
    # A right code becomes a device in one transaction; a wrong one is counted on the account, after its registration.
    operation, after = ("TransactWriteItems", 0) if right else ("UpdateItem", 1)
    world.aws.before(operation, one_more(world, anna), after=after)
    with pytest.raises(TooManyAttempts):
        world.verify(registered, phone, code)
    assert devices(anna.id) == []
    assert counted(anna)[0] == 6


@pytest.mark.parametrize("yesterday", [0, 6], ids=["the first ever", "the first of this day"])
def test_of_two_first_wrong_codes_of_a_day_both_count(world: World, anna: Account, yesterday: int) -> None:
    wrong_codes(world, anna, yesterday)
    world.later(TOMORROW)
    world.aws.before("UpdateItem", one_more(world, anna), after=1)
    wrong_codes(world, anna, 1, first=50)
    assert counted(anna) == (2, world.now // DAY)


def test_the_same_code_sent_again_counts_once(world: World, anna: Account) -> None:
    for _ in range(9):
        wrong_codes(world, anna, 1)
    assert counted(anna)[0] == 1


def test_a_new_day_forgets_the_wrong_codes_of_the_last(world: World, anna: Account) -> None:
    wrong_codes(world, anna, 6)
    world.later(TOMORROW)
    wrong_codes(world, anna, 1, first=50)
    assert counted(anna) == (1, world.now // DAY)


def test_a_phone_that_is_registered_hears_so_again_whatever_was_guessed(world: World, anna: Account) -> None:
    phone = world.new_phone()
    registered = world.register(anna, phone)
    device_id = world.verify(registered, phone)
    wrong_codes(world, anna, 6)
    phone.account_id = ""
    assert world.verify(registered, phone) == device_id


def test_a_right_code_is_no_wrong_one(world: World, anna: Account) -> None:
    world.phone(anna)
    assert counted(anna)[0] == 0


def test_an_operator_who_unlocks_the_account_lets_codes_be_tried_again(world: World, anna: Account) -> None:
    wrong_codes(world, anna, 6)
    unlock(anna.id, now=world.now)
    assert world.phone(anna).account_id == anna.id


def test_an_account_that_is_gone_is_not_guessed_at(world: World) -> None:
    with pytest.raises(TooManyAttempts):
        count_wrong_sms_code("nobody", "attempt", now=world.now)
    assert read_account("nobody") is None
