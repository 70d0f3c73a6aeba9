"""The SMS: to which countries, how many, what it says, and what happens when it fails."""

from __future__ import annotations

import string
import time

import phonenumbers
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from smartident.devices.registration import RegistrationRow
from smartident.errors import (
    PhoneNumberUnusable,
    SmsUnavailable,
    TooManyAttempts,
)
from smartident.notify.sms import CALLING_CODES, SnsSms, check_country, code_text
from smartident.rate_limiting.counters import (
    CounterRow,
)
from smartident.settings import SettingMissing
from smartident_laptop.template import Template
from tests.support.concurrency import at_once, codes
from tests.support.enrolment import registrations, start
from tests.support.world import NOW, PASSWORD, World

GSM_7 = set(" \n!\"#$%&'()*+,-./:;<=>?@_ÄÖÜäöüß§" + string.ascii_letters + string.digits)
DAY = 86_400
COUNTRIES = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"


@pytest.mark.parametrize("phone", ["+12025550123", "+4", "01701234711", "", None], ids=str)
def test_no_sms_leaves_for_a_country_that_is_not_allowed(world: World, phone: str | None) -> None:
    anna = world.account(phone=phone)
    with pytest.raises(PhoneNumberUnusable):
        world.register(anna, world.new_phone())
    assert len(world.sms) == 0
    assert registrations(anna) == []


@pytest.mark.parametrize("phone", ["+491701234711", "+41781234711"])
def test_an_sms_leaves_for_every_country_that_is_allowed(world: World, phone: str) -> None:
    world.register(world.account(phone=phone), world.new_phone())
    assert world.sms.sent[0][0] == phone


def test_a_template_names_no_country_that_no_sms_can_be_sent_to(world: World) -> None:
    """One source for both: what the template takes is what the service has a calling code for."""
    pattern = Template().document["Parameters"]["SmsCountries"]["AllowedPattern"]
    taken = pattern.removeprefix("^(").removesuffix(")$").split("|")
    assert taken == list(CALLING_CODES)
    world.set(SMS_COUNTRIES=",".join(taken))
    for code in CALLING_CODES.values():
        assert check_country(f"+{code}1701234711")


def test_a_country_that_nobody_knows_names_the_setting(world: World) -> None:
    world.set(SMS_COUNTRIES="DE,XX")
    with pytest.raises(SettingMissing, match="SMS_COUNTRIES holds 'XX'"):
        world.register(world.account(), world.new_phone())


def test_the_sixth_sms_of_a_day_waits_for_tomorrow(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    for _ in range(5):
        world.register(anna, phone)
    with pytest.raises(TooManyAttempts) as refused:
        world.register(anna, phone)
    assert refused.value.details == {"retry_after": DAY - NOW % DAY}
    assert len(world.sms) == 5
    world.register(world.account(), world.new_phone())
    world.later(DAY - NOW % DAY - 1)
    with pytest.raises(TooManyAttempts):
        world.register(anna, phone)
    world.later(1)
    world.register(anna, phone)
    assert len(world.sms) == 7


def test_a_used_up_daily_budget_takes_nothing_from_the_account(world: World) -> None:
    world.set(SMS_DAILY_BUDGET=1, SMS_PER_ACCOUNT_DAY=1)
    world.register(world.account(), world.new_phone())
    bert, phone = world.account(), world.new_phone()
    with pytest.raises(SmsUnavailable):
        world.register(bert, phone)
    assert len(world.sms) == 1
    world.set(SMS_DAILY_BUDGET=2)
    world.register(bert, phone)
    assert len(world.sms) == 2


@pytest.mark.parametrize(
    ("limit", "numbers", "refusal"),
    [
        ({"SMS_PER_PHONE_DAY": 2}, ["+491701234711"] * 3, TooManyAttempts),
        ({"SMS_PER_PREFIX_DAY": 2}, ["+491701234711", "+491701239999", "+491701230000"], SmsUnavailable),
    ],
    ids=["one phone of several accounts", "one block of ten thousand numbers"],
)
def test_what_many_accounts_share_has_its_own_limit(
    world: World, limit: dict[str, int], numbers: list[str], refusal: type[Exception]
) -> None:
    world.set(**limit, SMS_DAILY_BUDGET=3, SMS_PER_ACCOUNT_DAY=1)
    first, second, third = (world.account(phone=number) for number in numbers)
    world.register(first, world.new_phone())
    world.register(second, world.new_phone())
    phone = world.new_phone()
    with pytest.raises(refusal):
        world.register(third, phone)
    assert len(world.sms) == 2
    # The refused one used up nothing of what else is counted.
    world.later(DAY)
    world.register(third, phone)
    world.register(world.account(phone="+41781234711"), world.new_phone())
    assert len(world.sms) == 4


def test_a_refused_count_is_given_back_to_each_that_was_raised(world: World) -> None:
    world.set(SMS_DAILY_BUDGET=0)
    with pytest.raises(SmsUnavailable):
        world.register(world.account(), world.new_phone())
    assert {int(row.times) for row in CounterRow.scan()} == {0}


def test_the_counters_of_phones_name_no_phone(world: World) -> None:
    world.register(world.account(), world.new_phone())
    keys = " ".join(row.pk for row in CounterRow.scan())
    assert {"sms-phone", "sms-prefix"} <= {key.split("#")[1] for key in keys.split()}
    assert "170" not in keys


def test_many_phones_at_once_get_as_many_sms_as_their_number_may(world: World) -> None:
    world.set(SMS_PER_PHONE_DAY=5, SMS_DAILY_BUDGET=100)
    people = [world.account() for _ in range(24)]
    answers = codes(at_once(*(lambda one=one: world.register(one, world.new_phone()) for one in people)))
    assert (answers.count("ok"), answers.count("too_many_attempts"), len(world.sms)) == (5, 19, 5)


def test_a_failed_sms_is_not_counted_and_the_same_request_sends_it(world: World) -> None:
    world.set(SMS_PER_ACCOUNT_DAY=1, SMS_DAILY_BUDGET=1, SMS_PER_REGISTRATION=1)
    anna, phone = world.account(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    world.sms.fails = True
    with pytest.raises(SmsUnavailable):
        start(world, anna, phone, request)
    world.sms.fails = False
    registration = start(world, anna, phone, request)
    assert start(world, anna, phone, request) == registration
    assert len(world.sms) == 1
    assert len(registrations(anna)) == 1


def test_a_code_is_shown_to_the_person_and_to_nobody_else(world: World) -> None:
    registered = world.register(world.account(), world.new_phone())
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


def test_the_longest_host_that_the_template_takes_still_fits_into_one_sms(world: World) -> None:
    longest = Template().document["Parameters"]["SmsOriginHost"]["MaxLength"]
    world.set(SMS_ORIGIN_HOST="x" * longest)
    assert len(code_text("012345")) <= 160
    assert len(code_text("012345", "en")) <= 160
    world.set(SMS_ORIGIN_HOST="x" * (longest + 1))
    assert len(code_text("012345")) > 160


@pytest.mark.parametrize("sender", ["smartIDENT", ""])
def test_sns_is_asked_once_under_the_operators_name(world: World, sender: str) -> None:
    world.set(SMS_SENDER_ID=sender)
    SnsSms().send("+491701234711", code_text("012345"))
    (call,) = [call for call in world.aws.calls if call.operation == "Publish"]
    assert call.ask["PhoneNumber"] == "+491701234711"
    assert "Transactional" in call.ask.values()
    assert ("smartIDENT" in call.ask.values()) == bool(sender)


@pytest.mark.parametrize(
    ("phone", "sender"),
    [
        ("+436641234711", "Finanz"),
        ("+33612345678", None),
        ("+491701234711", "smartIDENT"),
        ("+4236601234", "smartIDENT"),
    ],
    ids=["its own", "none", "that of all", "Liechtenstein is not Switzerland"],
)
def test_a_country_gets_the_sender_that_the_operator_names_for_it(world: World, phone: str, sender: str | None) -> None:
    world.set(SMS_COUNTRIES="AT,FR,DE,CH,LI", SMS_SENDERS="AT=Finanz,FR=,CH=Other")
    SnsSms().send(phone, code_text("012345"))
    (call,) = [call for call in world.aws.calls if call.operation == "Publish"]
    told = [value for name, value in call.ask.items() if name.endswith("StringValue")]
    assert [one for one in told if one != "Transactional"] == ([sender] if sender else [])


def test_no_calling_code_begins_with_another() -> None:
    """So the first that fits is the only one."""
    codes = CALLING_CODES.values()
    assert [(one, other) for one in codes for other in codes if one != other and other.startswith(one)] == []


def test_a_refusing_sns_is_asked_once(world: World) -> None:
    world.aws.fails("Publish", "InternalError", status=500)
    with pytest.raises(SmsUnavailable):
        SnsSms().send("+491701234711", code_text("012345"))
    assert world.aws.operations().count("Publish") == 1


@pytest.mark.parametrize("country", COUNTRIES.split())
def test_an_allowed_country_is_told_by_its_calling_code(world: World, country: str) -> None:
    world.set(SMS_COUNTRIES=country)
    phone = f"+{phonenumbers.country_code_for_region(country)}1701234711"
    assert check_country(phone) == phone
    with pytest.raises(PhoneNumberUnusable):
        check_country("+11701234711")


LANGUAGES = pytest.mark.parametrize(
    ("wished", "said"), [("de", "Geben Sie ihn nie weiter."), ("en", "Never pass it on.")]
)


def last_text() -> str:
    """What SNS was given last."""
    messages = sns_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sms_messages
    return str(list(messages.values())[-1][1])


@LANGUAGES
def test_an_sms_speaks_the_language_of_the_app_that_registers(world: World, wished: str, said: str) -> None:
    world.now = int(time.time())
    phone = world.new_phone()
    credentials = {"identifier": world.account().number, "password": PASSWORD, "device_key": phone.key.public_jwk()}
    new_key = {**credentials, "device_name": "Annas Telefon", "platform": "web"}
    status, _, _ = world.send(phone, "POST", "/v1/keys", new_key, headers={"accept-language": wished})
    assert status == 202
    assert said in last_text()


@LANGUAGES
def test_a_new_sms_speaks_the_language_of_the_app_that_asks_for_it(world: World, wished: str, said: str) -> None:
    world.now = int(time.time()) - 31
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(31)
    path = f"/v1/keys/{registered.registration_id}/resend"
    status, _, _ = world.send(phone, "POST", path, headers={"accept-language": wished})
    assert status == 202
    assert said in last_text()
