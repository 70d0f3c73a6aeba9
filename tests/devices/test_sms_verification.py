"""Step 4: the code of the SMS makes the phone a device."""

from __future__ import annotations

import pytest

from smartident.devices.registration import RegistrationRow
from smartident.errors import (
    CodeExhausted,
    CodeWrong,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident_client.keys import Curve
from tests.support.enrolment import devices, other_code
from tests.support.world import World
from verify_sms.step import finish_registration

KINDS = [("jwk", "P-256"), ("jwk", "Ed25519"), ("webauthn", "P-256"), ("webauthn", "Ed25519")]


@pytest.mark.parametrize(("kind", "curve"), KINDS)
def test_the_right_code_makes_the_phone_a_device(world: World, kind: str, curve: Curve) -> None:
    anna = world.account()
    phone = world.phone(anna, kind, curve)
    (shown,) = world.devices(phone)
    assert shown == {
        "device_id": phone.key.thumbprint,
        "name": "Annas Telefon",
        "platform": "ios",
        "state": "active",
        "registered_at": world.now,
        "last_used_at": None,
        "current": True,
        "approval_key": kind,
    }
    assert world.approve(phone, world.start(anna)) == "approved"


def test_the_account_is_told_to_the_phone(world: World) -> None:
    anna, phone = world.account("300 123 456"), world.new_phone()
    registered = world.register(anna, phone)
    ask = world.confirmation(registered, phone, world.sms.code())
    request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/verify", now=world.now)
    account, device = finish_registration(registered.registration_id, ask, request=request, now=world.now)
    assert (account.id, account.number, account.display_name) == (anna.id, "300123456", "Anna Berger")
    assert device.id == phone.key.thumbprint


def test_a_wrong_code_says_how_often_it_may_still_be_tried(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    code = world.sms.code()
    for left in (2, 1):
        with pytest.raises(CodeWrong) as refused:
            world.verify(registered, phone, other_code(code))
        assert refused.value.details == {"attempts_left": left}
    for typed in (other_code(code), code):
        with pytest.raises(CodeExhausted) as exhausted:
            world.verify(registered, phone, typed)
        assert exhausted.value.details == {"attempts_left": 0}
    assert devices(anna.id) == []


def test_the_last_try_may_be_the_right_one(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(2):
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, other_code(world.sms.code()))
    assert world.verify(registered, phone) == phone.key.thumbprint


def test_a_try_is_counted_before_the_code_is_looked_at(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    (row,) = RegistrationRow.query(anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    assert row.tries == 1


def test_a_resend_gives_no_tries_back(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(2):
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, other_code(world.sms.code()))
    world.later(30)
    world.resend(registered, phone)
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, other_code(world.sms.code()))


def test_a_code_counts_until_its_last_second(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(299)
    assert world.verify(registered, phone) == phone.key.thumbprint


@pytest.mark.parametrize("late", [0, 1, 100_000])
def test_a_code_is_worth_nothing_when_its_time_is_over(world: World, late: int) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(300 + late)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, phone)
    assert devices(anna.id) == []


def test_a_code_counts_for_its_own_phone_only(world: World) -> None:
    anna, mallory = world.new_phone(), world.new_phone()
    account = world.account()
    registered = world.register(account, anna)
    with pytest.raises(RegistrationNotFound):
        world.verify(registered, mallory)
    assert devices(account.id) == []


def test_an_intercepted_code_opens_no_other_registration(world: World) -> None:
    account, anna, mallory = world.account(), world.new_phone(), world.new_phone()
    theirs = world.register(account, mallory)
    mallorys_code = world.sms.code()
    own = world.register(account, anna)
    annas_code = world.sms.code()
    if annas_code != mallorys_code:
        with pytest.raises(CodeWrong):
            world.verify(theirs, mallory, annas_code)
    assert world.verify(own, anna, annas_code) == anna.key.thumbprint
    assert [row.sk for row in devices(account.id)] == [f"DEVICE#{anna.key.thumbprint}"]
