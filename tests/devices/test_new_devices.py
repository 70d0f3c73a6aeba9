"""Step 4, come twice, come late, or come for one phone too many."""

from __future__ import annotations

import time

import pytest

from smartident.accounts.item.row import AccountRow
from smartident.errors import (
    CodeExhausted,
    DeviceLimitReached,
    DeviceRevoked,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident_client.answers import Registration as Registered
from smartident_client.approval_keys import RawApprovalKey
from smartident_client.keys import Key
from tests.support.enrolment import devices, events_of, finish, other_code
from tests.support.world import PASSWORD, Phone, World


def test_the_same_confirmation_come_twice_answers_the_same(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    ask = world.confirmation(registered, phone, world.sms.code())
    answers = {finish(world, registered, phone, ask) for _ in range(5)}
    assert answers == {phone.key.thumbprint}
    assert len(devices(anna.id)) == 1
    assert AccountRow.get(anna.id, "ACCOUNT").active_devices == 1
    assert [event["type"] for event in events_of(world, anna.id, phone)] == ["device_registered"]


def test_a_repeat_with_another_approval_key_changes_nothing_and_says_so(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    (before,) = devices(anna.id)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, Phone(phone.key, RawApprovalKey(Key.make())))
    (after,) = devices(anna.id)
    assert after.approval_key == before.approval_key


def test_after_the_end_a_guess_learns_nothing(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, other_code(world.sms.code()))


def test_a_repeat_after_the_codes_time_still_answers(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    world.later(301)
    assert world.verify(registered, phone) == phone.key.thumbprint


def test_a_second_start_leaves_the_firsts_key_and_code(world: World) -> None:
    account, first, second = world.account(), world.new_phone(), world.new_phone()
    began = world.register(account, first)
    code = world.sms.code()
    world.register(account, second)
    assert world.verify(began, first, code) == first.key.thumbprint


def test_two_phones_of_one_account_are_two_devices(world: World) -> None:
    anna = world.account()
    first = world.phone(anna)
    phones = [first, world.paired_phone(first, anna, "webauthn")]
    assert {row.sk.removeprefix("DEVICE#") for row in devices(anna.id)} == {phone.key.thumbprint for phone in phones}
    assert AccountRow.get(anna.id, "ACCOUNT").active_devices == 2


def test_an_account_has_no_more_devices_than_it_may_and_spends_no_sms_on_one_more(world: World) -> None:
    anna = world.account()
    first = world.phone(anna)
    second = world.new_phone()
    registered = world.register(anna, second)
    third = world.new_phone()
    world.let_in(first, registered)
    world.set(DEVICES_PER_ACCOUNT=1)
    with pytest.raises(DeviceLimitReached):
        world.verify(registered, second)
    sent = len(world.sms)
    with pytest.raises(DeviceLimitReached):
        world.register(anna, third)
    assert len(world.sms) == sent
    world.set(DEVICES_PER_ACCOUNT=2)
    assert world.verify(registered, second) == second.key.thumbprint


def test_a_revoked_key_stays_revoked(world: World) -> None:
    anna = world.account()
    first = world.phone(anna)
    second = world.paired_phone(first, anna)
    world.revoke(first, second.key.thumbprint)
    second.account_id = ""
    registered = world.register(anna, second)
    with pytest.raises(DeviceRevoked):
        world.verify(registered, second)
    (row,) = [row for row in devices(anna.id) if row.sk.endswith(second.key.thumbprint)]
    assert row.state == "revoked"


def test_an_account_that_is_gone_has_no_device(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    AccountRow.get(anna.id, "ACCOUNT").delete()
    phone.account_id = ""
    with pytest.raises(RegistrationNotFound):
        world.verify(registered, phone)


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
def test_a_phone_is_registered_over_http(world: World, kind: str) -> None:
    world.now = int(time.time())
    anna, phone = world.account(), world.new_phone(kind)
    ask = {"identifier": anna.number, "password": PASSWORD, "device_key": phone.key.public_jwk()}
    status, _, told = world.send(phone, "POST", "/v1/keys", {**ask, "device_name": "Telefon", "platform": "ios"})
    assert status == 202
    registered = Registered(**told)
    (text,) = [call.ask["Message"] for call in world.aws.calls if call.operation == "Publish"]
    path = f"/v1/keys/{registered.registration_id}"
    status, headers, problem = world.send(phone, "POST", f"{path}/resend")
    assert (status, problem["code"]) == (429, "too_many_attempts")
    assert 0 < int(headers["Retry-After"]) <= 30
    approval_key = phone.approval.prove(registered, device_key=phone.key)
    status, _, told = world.send(phone, "POST", f"{path}/verify", {"code": text[:6], "approval_key": approval_key})
    assert status == 201
    assert told == {
        "account_id": anna.id,
        "access_number": anna.number,
        "device_id": phone.key.thumbprint,
        "display_name": "Anna Berger",
    }


def test_a_new_code_is_sent_over_http(world: World) -> None:
    world.set(SMS_RESEND_AFTER=0)
    world.now = int(time.time())
    phone = world.new_phone()
    registered = world.register(world.account(), phone)
    status, _, told = world.send(phone, "POST", f"/v1/keys/{registered.registration_id}/resend")
    assert status == 202
    assert told["registration_id"] == registered.registration_id
    assert world.aws.operations().count("Publish") == 1
