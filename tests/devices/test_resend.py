"""Between steps 3 and 4: a new code, when it is time for one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from msgspec import convert

from register_key.step import resend_code, to_response
from smartident.accounts.item.row import AccountRow
from smartident.errors import (
    CodeExhausted,
    CodeWrong,
    PhoneNumberUnusable,
    RegistrationExpired,
    RegistrationNotFound,
    SmsUnavailable,
    TooManyAttempts,
)
from smartident_client.answers import Registration as Registered
from tests.support.enrolment import other_code, registrations, start
from tests.support.world import PaperSms, World


def test_a_resend_asks_for_the_country_again(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    world.set(SMS_COUNTRIES="AT")
    with pytest.raises(PhoneNumberUnusable):
        world.resend(registered, phone)
    assert len(world.sms) == 1
    world.set(SMS_COUNTRIES="DE")
    world.resend(registered, phone)


def test_a_resend_counts_for_the_day_and_the_budget(world: World) -> None:
    world.set(SMS_DAILY_BUDGET=2, SMS_PER_ACCOUNT_DAY=3)
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    world.resend(registered, phone)
    world.later(30)
    with pytest.raises(SmsUnavailable):
        world.resend(registered, phone)
    world.set(SMS_DAILY_BUDGET=9, SMS_PER_ACCOUNT_DAY=2)
    with pytest.raises(TooManyAttempts):
        world.resend(registered, phone)
    world.set(SMS_PER_ACCOUNT_DAY=3)
    world.resend(registered, phone)
    assert len(world.sms) == 3


def test_a_resend_makes_a_new_code_and_the_old_one_is_worth_nothing(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    old = world.sms.code()
    world.later(30)
    again = world.resend(registered, phone)
    assert (again.expires_at, again.resend_at) == (world.now + 300, world.now + 30)
    assert again.registration_id == registered.registration_id
    assert world.sms.code() != old
    with pytest.raises(CodeWrong):
        world.verify(registered, phone, old)
    world.verify(registered, phone)


def test_the_same_resend_come_twice_sends_one_sms(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/resend", now=world.now)
    answers = [resend_code(registered.registration_id, request=request, sms=world.sms, now=world.now) for _ in range(2)]
    assert to_response(answers[0]) == to_response(answers[1])
    assert len(world.sms) == 2
    world.verify(registered, phone)


@pytest.mark.parametrize(("waited", "left"), [(0, 30), (1, 29), (29, 1)])
def test_a_resend_too_early_says_when(world: World, waited: int, left: int) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(waited)
    with pytest.raises(TooManyAttempts) as refused:
        world.resend(registered, phone)
    assert refused.value.details == {"retry_after": left}
    assert len(world.sms) == 1


def test_a_registration_sends_three_codes(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(2):
        world.later(30)
        registered = world.resend(registered, phone)
    world.later(30)
    with pytest.raises(TooManyAttempts) as refused:
        world.resend(registered, phone)
    assert refused.value.details == {"retry_after": 270}
    assert len(world.sms) == 3
    world.verify(registered, phone)


@pytest.mark.parametrize(("waited", "lives"), [(299, True), (300, False)], ids=["last second", "one second late"])
def test_a_registration_that_is_over_sends_no_code(world: World, waited: int, *, lives: bool) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(waited)
    if lives:
        world.resend(registered, phone)
        return
    with pytest.raises(RegistrationExpired):
        world.resend(registered, phone)
    assert len(world.sms) == 1


def test_a_registration_whose_tries_are_used_up_sends_no_code(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    code = world.sms.code()
    for _ in range(3):
        code = other_code(code)
        with pytest.raises((CodeWrong, CodeExhausted)):
            world.verify(registered, phone, code)
    world.later(30)
    with pytest.raises(CodeExhausted):
        world.resend(registered, phone)
    assert len(world.sms) == 1


def test_a_confirmed_registration_sends_no_code(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    phone.account_id = ""
    world.later(30)
    with pytest.raises(RegistrationExpired):
        world.resend(registered, phone)
    assert len(world.sms) == 1


def test_another_key_cannot_ask_for_a_code(world: World) -> None:
    registered = world.register(world.account(), world.new_phone())
    world.later(30)
    with pytest.raises(RegistrationNotFound):
        world.resend(registered, world.new_phone())
    assert len(world.sms) == 1


@pytest.mark.parametrize("registration_id", ["", ".", "a", "a.", ".a", "a.b"])
def test_what_is_no_registration_is_not_found(world: World, registration_id: str) -> None:
    phone = world.new_phone()
    with pytest.raises(RegistrationNotFound):
        resend_code(registration_id, request=phone.new_key_request("/x", now=world.now), sms=world.sms, now=world.now)


# A send that failed, or of which nobody knows whether it did


@dataclass
class DoubtfulSms(PaperSms):
    """SMS that arrive, and of which nobody hears that they did: the answer of the first got lost."""

    lost: int = 1

    def send(self, phone: str, text: str) -> None:
        super().send(phone, text)
        if len(self.sent) <= self.lost:
            raise SmsUnavailable("ReadTimeoutError")


def code_of(text: str) -> str:
    return text[:6]


def test_after_a_failed_sms_a_resend_works_at_once(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    world.sms.fails = True
    with pytest.raises(SmsUnavailable):
        world.register(anna, phone)
    (row,) = registrations(anna)
    world.sms.fails = False
    request = phone.new_key_request("/x", now=world.now)
    registration = resend_code(f"{anna.id}.{row.sk[13:]}", request=request, sms=world.sms, now=world.now)
    assert (registration.sends, registration.resend_at) == (1, world.now + 30)
    assert len(world.sms) == 1


@pytest.mark.parametrize("again", ["the same request", "a resend"])
def test_an_sms_that_nobody_knows_to_have_arrived_is_sent_again_with_the_same_code(world: World, again: str) -> None:
    """The person may hold two SMS, and whichever she reads is right."""
    world.sms = DoubtfulSms()
    anna, phone = world.account(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    with pytest.raises(SmsUnavailable):
        start(world, anna, phone, request)
    (row,) = registrations(anna)
    if again == "the same request":
        start(world, anna, phone, request)
    else:
        other = phone.new_key_request("/x", now=world.now)
        resend_code(f"{anna.id}.{row.sk[13:]}", request=other, sms=world.sms, now=world.now)
    first, second = (code_of(text) for _, text in world.sms.sent)
    assert first == second


@pytest.mark.parametrize("again", ["the same request", "another request"])
def test_a_resend_that_nobody_knows_to_have_arrived_is_sent_again_with_the_same_code(world: World, again: str) -> None:
    world.sms = DoubtfulSms(lost=0)
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    world.sms.lost = 2
    request = phone.new_key_request("/x", now=world.now)
    with pytest.raises(SmsUnavailable):
        resend_code(registered.registration_id, request=request, sms=world.sms, now=world.now)
    if again == "another request":
        request = phone.new_key_request("/x", now=world.now)
    resend_code(registered.registration_id, request=request, sms=world.sms, now=world.now)
    first, second, third = (code_of(text) for _, text in world.sms.sent)
    assert first != second == third
    with pytest.raises(CodeWrong):
        world.verify(registered, phone, first)
    assert world.verify(registered, phone, second) == phone.key.thumbprint


def test_after_a_failed_sms_that_was_sent_again_a_normal_resend_is_another_code(world: World) -> None:
    world.sms = DoubtfulSms()
    anna, phone = world.account(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    with pytest.raises(SmsUnavailable):
        start(world, anna, phone, request)
    registered = convert(to_response(start(world, anna, phone, request)), Registered)
    world.later(30)
    world.resend(registered, phone)
    codes = [code_of(text) for _, text in world.sms.sent]
    assert codes[0] == codes[1] != codes[2]
    with pytest.raises(CodeWrong):
        world.verify(registered, phone, codes[0])
    assert world.verify(registered, phone, codes[2]) == phone.key.thumbprint


def test_a_send_that_failed_costs_none_of_those_of_a_registration(world: World) -> None:
    world.set(SMS_PER_REGISTRATION=2)
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    world.sms.fails = True
    for _ in range(3):
        with pytest.raises(SmsUnavailable):
            world.resend(registered, phone)
    world.sms.fails = False
    world.resend(registered, phone)
    world.later(30)
    with pytest.raises(TooManyAttempts):
        world.resend(registered, phone)
    assert len(world.sms) == 2


def test_a_failed_resend_is_sent_by_the_same_request(world: World) -> None:
    world.set(SMS_PER_REGISTRATION=2)
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    request = phone.new_key_request("/x", now=world.now)
    world.sms.fails = True
    with pytest.raises(SmsUnavailable):
        resend_code(registered.registration_id, request=request, sms=world.sms, now=world.now)
    world.sms.fails = False
    for _ in range(2):
        resend_code(registered.registration_id, request=request, sms=world.sms, now=world.now)
    assert len(world.sms) == 2
    world.verify(registered, phone)


def test_an_account_that_is_gone_gets_no_code(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    AccountRow(anna.id, "ACCOUNT").delete()
    world.later(30)
    with pytest.raises(RegistrationNotFound):
        world.resend(registered, phone)
    assert len(world.sms) == 1
