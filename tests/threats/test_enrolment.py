"""Threats against the enrolment: SIM swaps, SMS that cost us money, keys put under the person's name."""

from __future__ import annotations

import pytest

from approve.step import list_approvals
from smartident.errors import (
    ApprovalInvalid,
    InvalidCredentials,
    InvalidRequest,
    PhoneNumberUnusable,
    Refusal,
    RegistrationNotFound,
    SmsUnavailable,
    TooManyAttempts,
)
from smartident.logins.login import LoginRow
from smartident.storage.table import DAY
from smartident_laptop.template import Template
from tests.support.enrolment import devices, finish, start
from tests.support.stored_items import multiply
from tests.support.world import HERE, PASSWORD, URL, Phone, World


def test_sim_swap_alone_enrols_nothing(world: World) -> None:
    """The SMS in a stranger's hands: no password begins nothing, and another's code is for another's key."""
    anna, own, stranger = world.account(), world.new_phone(), world.new_phone()
    with pytest.raises(InvalidCredentials):
        world.register(anna, stranger, password="guessed")
    registered = world.register(anna, own)
    with pytest.raises(RegistrationNotFound):
        finish(world, registered, stranger, world.confirmation(registered, stranger, world.sms.code()))
    assert devices(anna.id) == []


def test_sim_swap_with_the_password_and_a_picture_of_the_code_is_seen_on_every_phone_that_was_there(
    world: World,
) -> None:
    """Somebody talked the owner into scanning a code: the history names it, and the owner ends it."""
    anna = world.account()
    old = world.phone(anna)
    world.later(60)
    new = world.paired_phone(old, anna)
    registered = next(one for one in world.events(old)["events"] if one["type"] == "device_registered")
    assert (registered["device_id"], registered["at"]) == (new.key.thumbprint, world.now)
    world.revoke(old, registered["device_id"])
    with pytest.raises(Refusal, match="device_revoked"):
        world.listed(new)


def test_sms_pumping_by_who_has_no_password_sends_nothing(world: World) -> None:
    anna = world.account()
    for number in range(7):
        with pytest.raises((InvalidCredentials, TooManyAttempts)):
            world.register(anna, world.new_phone(), password=f"guess {number}")
    assert len(world.sms) == 0


def test_sms_pumping_on_one_account_ends_at_its_daily_limit(world: World) -> None:
    anna, sent = world.account(), 0
    for _ in range(7):
        try:
            world.register(anna, world.new_phone())
        except TooManyAttempts:
            continue
        sent += 1
    assert (sent, len(world.sms)) == (5, 5)


@pytest.mark.parametrize("phone", ["+12025550123", "+881612345678", "+4915", "+447700900123"])
def test_sms_pumping_to_other_countries_sends_nothing(world: World, phone: str) -> None:
    world.set(SMS_COUNTRIES="AT,CH")
    with pytest.raises(PhoneNumberUnusable):
        world.register(world.account(phone=phone), world.new_phone())
    assert len(world.sms) == 0


def test_sms_pumping_raises_an_alarm_before_the_budget_is_gone() -> None:
    alarms = dict(Template().resources("AWS::CloudWatch::Alarm"))
    watched = {alarm["MetricName"]: alarm["Threshold"] for alarm in alarms.values() if "MetricName" in alarm}
    assert float(watched["SmsBudgetPercent"]) == 50


def test_stolen_passwords_of_accounts_that_had_a_phone_leave_first_phones_their_sms(world: World) -> None:
    """Whatever such accounts ask for, resends too and with every device revoked: the reserve is not theirs."""
    anna, bert = world.account(), world.account()
    phone = world.phone(anna)
    world.revoke(phone, phone.key.thumbprint)
    world.later(DAY - world.now % DAY)
    world.set(SMS_DAILY_BUDGET=5, SMS_RESERVE_PERCENT=40, SMS_PER_ACCOUNT_DAY=50, SMS_PER_PHONE_DAY=50)
    stolen = world.new_phone()
    registered = world.register(anna, stolen)
    for _ in range(2):
        world.register(anna, stolen)
    with pytest.raises(SmsUnavailable):
        world.register(anna, stolen)
    world.later(30)
    with pytest.raises(SmsUnavailable):
        world.resend(registered, stolen)
    first = world.new_phone()
    world.verify(world.register(bert, first), first)
    world.register(world.account(), world.new_phone())
    with pytest.raises(SmsUnavailable):
        world.register(world.account(), world.new_phone())
    assert len(world.sms) == 1 + 5


def test_a_phone_added_while_the_reserve_is_left_ends_the_claim_to_it(world: World) -> None:
    world.set(SMS_DAILY_BUDGET=2, SMS_RESERVE_PERCENT=50)
    anna, phone = world.account(), world.new_phone()
    world.verify(world.register(anna, phone), phone)
    world.revoke(phone, phone.key.thumbprint)
    with pytest.raises(SmsUnavailable):
        world.register(anna, world.new_phone())


def test_key_substitution_gets_no_key_into_a_registration(world: World) -> None:
    anna, own, mallory = world.account(), world.new_phone(), world.new_phone()
    registered = world.register(anna, own)
    lent = Phone(own.key, mallory.approval)
    swapped = world.confirmation(registered, Phone(mallory.key, mallory.approval), world.sms.code())
    with pytest.raises(ApprovalInvalid):
        finish(world, registered, lent, swapped)
    request = mallory.new_key_request("/v1/keys", b"{}", now=world.now)
    with pytest.raises(InvalidRequest):
        start(world, anna, own, request)
    assert world.verify(registered, own) == own.key.thumbprint


def test_key_substitution_by_a_second_start_leaves_the_first_as_it_was(world: World) -> None:
    anna, own, mallory = world.account(), world.new_phone(), world.new_phone()
    first = world.register(anna, own)
    code = world.sms.code()
    second = world.register(anna, mallory)
    assert world.verify(first, own, code) == own.key.thumbprint
    with pytest.raises(Refusal):
        world.verify(second, mallory, code)
    assert [row.sk for row in devices(anna.id)] == [f"DEVICE#{own.key.thumbprint}"]


def test_clock_skew_of_a_day_is_told_and_mended(world: World) -> None:
    """The app corrects itself by the server's time; nobody's clock but the server's decides."""
    anna = world.account()
    phone = world.phone(anna)
    for skew in (-86_400, 86_400):
        request = phone.request("GET", "/v1/approvals", now=world.now + skew)
        assert request.url == URL + "/v1/approvals"
        with pytest.raises(Refusal) as refusal:
            list_approvals(request=request, here=HERE, now=world.now)
        told = refusal.value.details["server_time"]
        assert refusal.value.code == "proof_stale"
        assert isinstance(told, int)
        assert list_approvals(request=phone.request("GET", "/v1/approvals", now=told), here=HERE, now=world.now) == {
            "approvals": []
        }


def test_lost_phone_opens_nothing_from_the_moment_it_is_revoked(world: World) -> None:
    anna = world.account(number="4711")
    lost = world.phone(anna)
    kept = world.paired_phone(lost, anna)
    started = world.start(anna, password=PASSWORD)
    world.approve(lost, started)
    world.revoke(kept, lost.key.thumbprint)
    with pytest.raises(Refusal, match="login_denied"):
        world.complete(started)
    with pytest.raises(Refusal, match="device_revoked"):
        world.approve(lost, world.start(anna))


def test_lost_phone_does_not_stay_by_approving_without_end(world: World) -> None:
    """More than one transaction holds: whoever has the password and the phone can have so many wait for their end."""
    most, anna = 170, world.account()
    lost = world.phone(anna)
    kept = world.paired_phone(lost, anna)
    started = world.start(anna)
    world.approve(lost, started)
    multiply(LoginRow.get(anna.id, "LOGIN#" + started.login.id.partition(".")[2]), most)
    world.start(anna)
    world.revoke(kept, lost.key.thumbprint)
    rows = list(LoginRow.query(anna.id, LoginRow.sk.startswith("LOGIN#")))
    assert sorted((row.state, row.reason or row.barred_device_ids) for row in rows) == [
        *[("denied", "device_revoked")] * most,
        ("pending", lost.key.thumbprint),
    ]
