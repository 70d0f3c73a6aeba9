"""Step 4: the code of the SMS makes the phone a device."""

from __future__ import annotations

import json

import pytest

from smartident.accounts.item.row import AccountRow
from smartident.errors import (
    CodeExhausted,
    CodeWrong,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident_client.keys import Curve
from tests.support.enrolment import devices, other_code, registrations
from tests.support.stored_items import items
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


def wrong_codes(world: World, *, most: int) -> list[str]:
    """Codes that were never sent."""
    right = int(world.sms.code())
    return [f"{(right + other) % 1_000_000:06d}" for other in range(1, most + 1)]


def test_a_wrong_code_says_how_often_it_may_still_be_tried(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    first, second, third = wrong_codes(world, most=3)
    for code, left in ((first, 2), (second, 1)):
        with pytest.raises(CodeWrong) as refused:
            world.verify(registered, phone, code)
        assert refused.value.details == {"attempts_left": left}
    for code in (third, world.sms.code()):
        with pytest.raises(CodeExhausted) as exhausted:
            world.verify(registered, phone, code)
        assert exhausted.value.details == {"attempts_left": 0}
    assert devices(anna.id) == []


def test_a_wrong_code_sent_twice_counts_once(world: World) -> None:
    """As when the answer got lost: the phone sends the same code again, and the account counts it once too."""
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    first, second = wrong_codes(world, most=2)
    for code, left in ((first, 2), (first, 2), (second, 1), (first, 1), (second, 1)):
        with pytest.raises(CodeWrong) as refused:
            world.verify(registered, phone, code)
        assert refused.value.details == {"attempts_left": left}
    assert len(AccountRow.get(anna.id, "ACCOUNT").wrong_sms_codes or ()) == 2
    assert world.verify(registered, phone) == phone.key.thumbprint


def test_the_last_wrong_code_sent_twice_is_exhausted_twice(world: World) -> None:
    phone = world.new_phone()
    registered = world.register(world.account(), phone)
    for code in wrong_codes(world, most=2):
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, code)
    for _ in range(2):
        with pytest.raises(CodeExhausted):
            world.verify(registered, phone, wrong_codes(world, most=3)[-1])


def test_the_last_try_may_be_the_right_one(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    for code in wrong_codes(world, most=2):
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, code)
    assert world.verify(registered, phone) == phone.key.thumbprint


def test_a_try_is_counted_before_the_code_is_looked_at(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    (row,) = registrations(anna)
    assert len(row.code_attempts or ()) == 1


def test_a_tried_code_is_not_kept(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    (wrong,) = wrong_codes(world, most=1)
    with pytest.raises(CodeWrong):
        world.verify(registered, phone, wrong)
    kept = json.dumps([*items(anna.id)])
    assert f'"{wrong}"' not in kept
    assert f'"{world.sms.code()}"' not in kept


def test_a_resend_gives_no_tries_back(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    first, second, third = wrong_codes(world, most=3)
    for code in (first, second):
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, code)
    world.later(30)
    world.resend(registered, phone)
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, other_code(third))


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
