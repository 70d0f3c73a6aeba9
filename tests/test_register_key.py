"""Step 3: a phone's new key waits for the code of an SMS."""

from __future__ import annotations

import string
from typing import Any

import pytest

from console import base64url
from register_key.step import NewKey, resend_code, shown, start_registration
from smartident.accesses import Access
from smartident.errors import (
    CodeExhausted,
    CodeWrong,
    InvalidCredentials,
    InvalidRequest,
    RegistrationExpired,
    RegistrationNotFound,
    SmsUnavailable,
    TooManyAttempts,
)
from smartident.proofs import Request
from smartident.registrations import Registration, RegistrationRow
from smartident.settings import SettingMissing
from smartident.sms import SnsSms, code_text
from smartident.statements import Asker
from tests.world import AGENT, HOME, NOW, PASSWORD, Phone, World

GSM_7 = set(" \n!\"#$%&'()*+,-./:;<=>?@_ÄÖÜäöüß§" + string.ascii_letters + string.digits)
DAY = 86_400


def start(world: World, access: Access, phone: Phone, request: Request, **changes: Any) -> Registration:
    ask = {"identifier": access.number, "password": PASSWORD, "device_key": phone.key.public_jwk()}
    return start_registration(
        NewKey(**{**ask, "device_name": "Annas Telefon", "platform": "ios", **changes}),
        request=request,
        asker=Asker(HOME, AGENT, ""),
        sms=world.sms,
        now=world.now,
    )


def registrations(access: Access) -> list[RegistrationRow]:
    return list(RegistrationRow.query(access.id, RegistrationRow.sk.startswith("REGISTRATION#")))


def test_the_phone_gets_what_it_needs_to_finish(world: World) -> None:
    registered = world.register(world.access(), world.new_phone())
    assert registered.phone_hint == "•••• 4711"
    assert (registered.expires_at, registered.resend_at) == (NOW + 300, NOW + 30)
    assert [phone for phone, _ in world.sms.sent] == ["+491701234711"]


def test_the_webauthn_options_ask_this_phone_for_a_fingerprint(world: World) -> None:
    anna = world.access()
    registered = world.register(anna, world.new_phone())
    options = registered.webauthn
    assert options["challenge"] == registered.challenge
    assert options["rp"]["id"] == "example.test"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["authenticatorAttachment"] == "platform"
    assert {one["alg"] for one in options["pubKeyCredParams"]} == {-7, -8}
    assert options["attestation"] == "none"
    assert len(base64url.decode(options["user"]["id"])) <= 64
    assert anna.display_name not in str(options)
    assert anna.number not in str(options)


def test_each_registration_has_a_challenge_of_its_own(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    first, second = world.register(anna, phone), world.register(anna, phone)
    assert first.challenge != second.challenge
    assert first.registration_id != second.registration_id


def test_the_same_request_come_twice_sends_one_sms(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    first, again = (start(world, anna, phone, request) for _ in range(2))
    assert shown(first) == shown(again)
    assert len(world.sms) == 1


@pytest.mark.parametrize("password", ["", "vier-esel-42", PASSWORD + " "], ids=["empty", "case", "blank"])
def test_a_wrong_password_costs_no_sms(world: World, password: str) -> None:
    anna = world.access()
    with pytest.raises(InvalidCredentials):
        world.register(anna, world.new_phone(), password=password)
    assert len(world.sms) == 0
    assert registrations(anna) == []


@pytest.mark.parametrize("phone", ["+12025550123", "+4", "01701234711", "", None], ids=str)
def test_no_sms_leaves_for_a_country_that_is_not_allowed(world: World, phone: str | None) -> None:
    anna = world.access(phone=phone)
    with pytest.raises(SmsUnavailable):
        world.register(anna, world.new_phone())
    assert len(world.sms) == 0
    assert registrations(anna) == []


@pytest.mark.parametrize("phone", ["+491701234711", "+436641234711", "+41781234711"])
def test_an_sms_leaves_for_every_country_that_is_allowed(world: World, phone: str) -> None:
    world.register(world.access(phone=phone), world.new_phone())
    assert world.sms.sent[0][0] == phone


def test_a_resend_asks_for_the_country_again(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    world.set(SMS_COUNTRIES="AT")
    with pytest.raises(SmsUnavailable):
        world.resend(registered, phone)
    assert len(world.sms) == 1
    world.set(SMS_COUNTRIES="DE")
    world.resend(registered, phone)


def test_a_country_that_nobody_knows_names_the_setting(world: World) -> None:
    world.set(SMS_COUNTRIES="DE,XX")
    with pytest.raises(SettingMissing, match="SMS_COUNTRIES holds 'XX'"):
        world.register(world.access(), world.new_phone())


def test_the_sixth_sms_of_a_day_waits_for_tomorrow(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    for _ in range(5):
        world.register(anna, phone)
    with pytest.raises(TooManyAttempts) as refused:
        world.register(anna, phone)
    assert refused.value.details == {"retry_after": DAY - NOW % DAY}
    assert len(world.sms) == 5
    world.register(world.access(), world.new_phone())
    world.later(DAY - NOW % DAY - 1)
    with pytest.raises(TooManyAttempts):
        world.register(anna, phone)
    world.later(1)
    world.register(anna, phone)
    assert len(world.sms) == 7


def test_a_used_up_daily_budget_takes_nothing_from_the_access(world: World) -> None:
    world.set(SMS_DAILY_BUDGET=1, SMS_PER_ACCESS_DAY=1)
    world.register(world.access(), world.new_phone())
    bert, phone = world.access(), world.new_phone()
    with pytest.raises(SmsUnavailable):
        world.register(bert, phone)
    assert len(world.sms) == 1
    world.set(SMS_DAILY_BUDGET=2)
    world.register(bert, phone)
    assert len(world.sms) == 2


def test_a_resend_counts_for_the_day_and_the_budget(world: World) -> None:
    world.set(SMS_DAILY_BUDGET=2, SMS_PER_ACCESS_DAY=3)
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    world.resend(registered, phone)
    world.later(30)
    with pytest.raises(SmsUnavailable):
        world.resend(registered, phone)
    world.set(SMS_DAILY_BUDGET=9, SMS_PER_ACCESS_DAY=2)
    with pytest.raises(TooManyAttempts):
        world.resend(registered, phone)
    world.set(SMS_PER_ACCESS_DAY=3)
    world.resend(registered, phone)
    assert len(world.sms) == 3


def test_a_resend_makes_a_new_code_and_the_old_one_is_worth_nothing(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    old = world.sms.code()
    world.later(30)
    again = world.resend(registered, phone)
    assert (again.expires_at, again.resend_at) == (world.now + 300, world.now + 30)
    assert again.registration_id == registered.registration_id
    if old != world.sms.code():
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, old)
    world.verify(registered, phone)


def test_the_same_resend_come_twice_sends_one_sms(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/resend", now=world.now)
    answers = [resend_code(registered.registration_id, request=request, sms=world.sms, now=world.now) for _ in range(2)]
    assert shown(answers[0]) == shown(answers[1])
    assert len(world.sms) == 2
    world.verify(registered, phone)


@pytest.mark.parametrize(("waited", "left"), [(0, 30), (1, 29), (29, 1)])
def test_a_resend_too_early_says_when(world: World, waited: int, left: int) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(waited)
    with pytest.raises(TooManyAttempts) as refused:
        world.resend(registered, phone)
    assert refused.value.details == {"retry_after": left}
    assert len(world.sms) == 1


def test_a_registration_sends_three_codes(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
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
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(waited)
    if lives:
        world.resend(registered, phone)
        return
    with pytest.raises(RegistrationExpired):
        world.resend(registered, phone)
    assert len(world.sms) == 1


def test_a_registration_whose_tries_are_used_up_sends_no_code(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(3):
        with pytest.raises((CodeWrong, CodeExhausted)):
            world.verify(registered, phone, other_code(world.sms.code()))
    world.later(30)
    with pytest.raises(CodeExhausted):
        world.resend(registered, phone)
    assert len(world.sms) == 1


def test_a_confirmed_registration_sends_no_code(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    phone.access_id = ""
    world.later(30)
    with pytest.raises(RegistrationExpired):
        world.resend(registered, phone)
    assert len(world.sms) == 1


def test_another_key_cannot_ask_for_a_code(world: World) -> None:
    registered = world.register(world.access(), world.new_phone())
    world.later(30)
    with pytest.raises(RegistrationNotFound):
        world.resend(registered, world.new_phone())
    assert len(world.sms) == 1


@pytest.mark.parametrize("registration_id", ["", ".", "a", "a.", ".a", "a.b"])
def test_what_is_no_registration_is_not_found(world: World, registration_id: str) -> None:
    phone = world.new_phone()
    with pytest.raises(RegistrationNotFound):
        resend_code(registration_id, request=phone.new_key_request("/x", now=world.now), sms=world.sms, now=world.now)


def test_a_failed_sms_is_not_counted_and_the_same_request_sends_it(world: World) -> None:
    world.set(SMS_PER_ACCESS_DAY=1, SMS_DAILY_BUDGET=1, SMS_PER_REGISTRATION=1)
    anna, phone = world.access(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    world.sms.fails = True
    with pytest.raises(SmsUnavailable):
        start(world, anna, phone, request)
    world.sms.fails = False
    registration = start(world, anna, phone, request)
    assert start(world, anna, phone, request) == registration
    assert len(world.sms) == 1
    assert len(registrations(anna)) == 1


def test_after_a_failed_sms_a_resend_works_at_once(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    world.sms.fails = True
    with pytest.raises(SmsUnavailable):
        world.register(anna, phone)
    (row,) = registrations(anna)
    world.sms.fails = False
    request = phone.new_key_request("/x", now=world.now)
    registration = resend_code(f"{anna.id}.{row.sk[13:]}", request=request, sms=world.sms, now=world.now)
    assert (registration.sends, registration.resend_at) == (1, world.now + 30)
    assert len(world.sms) == 1


def test_a_failed_resend_is_sent_by_the_same_request(world: World) -> None:
    world.set(SMS_PER_REGISTRATION=2)
    anna, phone = world.access(), world.new_phone()
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


def test_a_code_is_shown_to_the_person_and_to_nobody_else(world: World) -> None:
    registered = world.register(world.access(), world.new_phone())
    assert world.sms.code() not in str(registered)
    assert world.sms.code() not in str([row.attribute_values for row in RegistrationRow.scan()])


def test_the_sms_is_one_message_that_says_what_for(world: World) -> None:
    text = code_text("012345")
    assert text.startswith("012345 ist Ihr smartIDENT-Bestätigungscode")
    assert "nie weiter" in text
    assert text.endswith("\n\n@app.example.test #012345")
    assert set(text) <= GSM_7
    assert len(text) <= 160
    world.set(SMS_ORIGIN_HOST="")
    assert "@" not in code_text("012345")


@pytest.mark.parametrize("sender", ["smartIDENT", ""])
def test_sns_is_asked_once_under_the_operators_name(world: World, sender: str) -> None:
    world.set(SMS_SENDER_ID=sender)
    SnsSms().send("+491701234711", code_text("012345"))
    (call,) = [call for call in world.aws.calls if call.operation == "Publish"]
    assert call.ask["PhoneNumber"] == "+491701234711"
    assert "Transactional" in call.ask.values()
    assert ("smartIDENT" in call.ask.values()) == bool(sender)


def test_a_refusing_sns_is_asked_once(world: World) -> None:
    world.aws.fails("Publish", "InternalError", status=500)
    with pytest.raises(SmsUnavailable):
        SnsSms().send("+491701234711", code_text("012345"))
    assert world.aws.operations().count("Publish") == 1


@pytest.mark.parametrize(
    "changes",
    [{"device_key": {"kty": "EC"}}, {"device_key": {}}],
    ids=["half a key", "no key"],
)
def test_a_device_key_that_is_none_names_the_field(world: World, changes: dict[str, Any]) -> None:
    phone = world.new_phone()
    with pytest.raises(InvalidRequest) as refused:
        start(world, world.access(), phone, phone.new_key_request("/v1/keys", now=world.now), **changes)
    assert refused.value.details == {"field": "device_key"}


def other_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
