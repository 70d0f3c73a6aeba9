"""Who has the password may begin as many registrations as they like: the codes that they guess are counted together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from msgspec import convert

from register_key.step import to_response
from smartident.accounts.account import (
    AccountRow,
    read_account,
)
from smartident.accounts.sms_code_attempts import (
    count_wrong_sms_code,
)
from smartident.admin.unlock import (
    unlock,
)
from smartident.errors import CodeExhausted, CodeWrong, TooManyAttempts
from smartident.storage.table import DAY
from smartident_client.answers import Registration as Registered
from tests.support.enrolment import devices, other_code, start
from tests.support.world import NOW, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account

TOMORROW = DAY - NOW % DAY


def unsent(world: World, anna: Account) -> tuple[Phone, Registered]:
    """A registration that gets no SMS any more, known all the same: its request came twice, and one was in between."""
    thief, heard = world.new_phone(), []
    request = thief.new_key_request("/v1/keys", b"{}", now=world.now)
    # After the try and its clearing comes the count of SMS, which refuses.
    world.aws.before("UpdateItem", lambda: heard.append(start(world, anna, thief, request)), after=2)
    with pytest.raises(TooManyAttempts):
        start(world, anna, thief, request)
    return thief, convert(to_response(heard[0]), Registered)


def guess(world: World, phone: Phone, registered: Registered, code: str = "000000") -> None:
    with pytest.raises((CodeWrong, CodeExhausted)):
        world.verify(registered, phone, code)


@pytest.fixture
def anna(world: World) -> Account:
    """An account that has had its two SMS of the day, and may so be guessed at six times."""
    world.set(SMS_PER_ACCOUNT_DAY=2)
    return world.account()


def test_codes_that_no_sms_brought_are_not_to_be_guessed_without_end(world: World, anna: Account) -> None:
    for _ in range(2):
        world.register(anna, world.new_phone())
    for thief, registered in (unsent(world, anna), unsent(world, anna)):
        for _ in range(3):
            guess(world, thief, registered)
    with pytest.raises(TooManyAttempts) as refused:
        guess(world, *unsent(world, anna))
    assert refused.value.details == {"retry_after": TOMORROW}
    assert len(world.sms) == 2


def test_after_so_many_wrong_codes_not_even_the_right_one_counts_until_tomorrow(world: World, anna: Account) -> None:
    world.register(anna, world.new_phone())
    phone = world.new_phone()
    registered = world.register(anna, phone)
    right = world.sms.code()
    for _ in range(2):
        thief, known = unsent(world, anna)
        for _ in range(3):
            guess(world, thief, known)
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


def test_a_right_code_on_its_way_is_outrun_by_too_many_wrong_ones(world: World, anna: Account) -> None:
    phone = world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(5):
        count_wrong_sms_code(anna.id, now=world.now)
    world.aws.before("TransactWriteItems", partial(count_wrong_sms_code, anna.id, now=world.now))
    with pytest.raises(TooManyAttempts):
        world.verify(registered, phone)
    assert devices(anna.id) == []


def test_a_wrong_code_on_its_way_is_not_told_when_there_were_too_many(world: World, anna: Account) -> None:
    phone = world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(5):
        count_wrong_sms_code(anna.id, now=world.now)
    world.aws.before("UpdateItem", partial(count_wrong_sms_code, anna.id, now=world.now), after=1)
    with pytest.raises(TooManyAttempts):
        world.verify(registered, phone, other_code(world.sms.code()))


def test_of_two_first_wrong_codes_of_a_day_both_count(world: World, anna: Account) -> None:
    world.aws.before("UpdateItem", partial(count_wrong_sms_code, anna.id, now=world.now), after=1)
    count_wrong_sms_code(anna.id, now=world.now)
    assert AccountRow.get(anna.id, "ACCOUNT").wrong_sms_codes == 2


def test_a_new_day_forgets_the_wrong_codes_of_the_last(world: World, anna: Account) -> None:
    for _ in range(6):
        count_wrong_sms_code(anna.id, now=world.now)
    world.later(TOMORROW)
    count_wrong_sms_code(anna.id, now=world.now)
    account = read_account(anna.id)
    assert account is not None
    assert (account.wrong_sms_codes, account.wrong_sms_codes_day) == (1, world.now // DAY)


def test_a_phone_that_is_registered_hears_so_again_whatever_was_guessed(world: World, anna: Account) -> None:
    phone = world.new_phone()
    registered = world.register(anna, phone)
    device_id = world.verify(registered, phone)
    for _ in range(6):
        count_wrong_sms_code(anna.id, now=world.now)
    phone.account_id = ""
    assert world.verify(registered, phone) == device_id


def test_a_right_code_is_no_wrong_one(world: World, anna: Account) -> None:
    world.phone(anna)
    assert AccountRow.get(anna.id, "ACCOUNT").wrong_sms_codes == 0


def test_an_operator_who_unlocks_the_account_lets_codes_be_tried_again(world: World, anna: Account) -> None:
    for _ in range(6):
        count_wrong_sms_code(anna.id, now=world.now)
    unlock(anna.id)
    assert world.phone(anna).account_id == anna.id


def test_nobody_is_guessed_at(world: World) -> None:
    with pytest.raises(TooManyAttempts):
        count_wrong_sms_code("nobody", now=world.now)
    assert read_account("nobody") is None
