"""Step 4: code and approval key make the phone a device."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from console import base64url
from console.answers import Registration as Registered
from console.approval_keys import RawApprovalKey
from console.authenticator import Authenticator
from console.keys import Curve, Key
from smartident.accesses import AccessRow
from smartident.devices import DeviceRow
from smartident.errors import (
    ApprovalInvalid,
    CodeExhausted,
    CodeWrong,
    DeviceLimitReached,
    DeviceRevoked,
    InvalidRequest,
    Refusal,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident.registrations import RegistrationRow
from tests.world import PASSWORD, Phone, World
from verify_sms.step import Confirmation, RawKey, WebAuthnKey, finish_registration

KINDS = [("jwk", "P-256"), ("jwk", "Ed25519"), ("webauthn", "P-256"), ("webauthn", "Ed25519")]


def finish(world: World, registered: Registered, phone: Phone, ask: Confirmation) -> str:
    request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/verify", b"{}", now=world.now)
    return finish_registration(registered.registration_id, ask, request=request, now=world.now)[1].id


def other_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def devices(access_id: str) -> list[DeviceRow]:
    return list(DeviceRow.query(access_id, DeviceRow.sk.startswith("DEVICE#")))


@pytest.mark.parametrize(("kind", "curve"), KINDS)
def test_the_right_code_makes_the_phone_a_device(world: World, kind: str, curve: Curve) -> None:
    anna = world.access()
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


def test_the_access_is_told_to_the_phone(world: World) -> None:
    anna, phone = world.access("300 123 456"), world.new_phone()
    registered = world.register(anna, phone)
    ask = world.confirmation(registered, phone, world.sms.code())
    request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/verify", now=world.now)
    access, device = finish_registration(registered.registration_id, ask, request=request, now=world.now)
    assert (access.id, access.number, access.display_name) == (anna.id, "300123456", "Anna Berger")
    assert device.id == phone.key.thumbprint


def test_a_wrong_code_says_how_often_it_may_still_be_tried(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    code = world.sms.code()
    for left in (2, 1):
        with pytest.raises(CodeWrong) as refused:
            world.verify(registered, phone, other_code(code))
        assert refused.value.details == {"attempts_left": left}
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, other_code(code))
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, code)
    assert devices(anna.id) == []


def test_the_last_try_may_be_the_right_one(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(2):
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, other_code(world.sms.code()))
    assert world.verify(registered, phone) == phone.key.thumbprint


def test_a_try_is_counted_before_the_code_is_looked_at(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    (row,) = RegistrationRow.query(anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    assert row.tries == 1


def test_a_resend_gives_no_tries_back(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    for _ in range(2):
        with pytest.raises(CodeWrong):
            world.verify(registered, phone, other_code(world.sms.code()))
    world.later(30)
    world.resend(registered, phone)
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, other_code(world.sms.code()))


def test_a_code_counts_until_its_last_second(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(299)
    assert world.verify(registered, phone) == phone.key.thumbprint


@pytest.mark.parametrize("late", [0, 1, 100_000])
def test_a_code_is_worth_nothing_when_its_time_is_over(world: World, late: int) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(300 + late)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, phone)
    assert devices(anna.id) == []


def test_the_same_confirmation_come_twice_answers_the_same(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    ask = world.confirmation(registered, phone, world.sms.code())
    answers = {finish(world, registered, phone, ask) for _ in range(5)}
    assert answers == {phone.key.thumbprint}
    assert len(devices(anna.id)) == 1
    assert AccessRow.get(anna.id, "ACCESS").devices == 1
    assert [event["type"] for event in events_of(world, anna.id, phone)] == ["device_registered"]


def test_a_repeat_with_another_approval_key_changes_nothing_and_says_so(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    (before,) = devices(anna.id)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, Phone(phone.key, RawApprovalKey(Key.make())))
    (after,) = devices(anna.id)
    assert after.approval_key == before.approval_key


def test_after_the_end_a_guess_learns_nothing(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    with pytest.raises(CodeExhausted):
        world.verify(registered, phone, other_code(world.sms.code()))


def test_a_repeat_after_the_codes_time_still_answers(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    world.later(301)
    assert world.verify(registered, phone) == phone.key.thumbprint


def test_a_code_counts_for_its_own_phone_only(world: World) -> None:
    anna, mallory = world.new_phone(), world.new_phone()
    access = world.access()
    registered = world.register(access, anna)
    with pytest.raises(RegistrationNotFound):
        world.verify(registered, mallory)
    assert devices(access.id) == []


def test_an_intercepted_code_opens_no_other_registration(world: World) -> None:
    access, anna, mallory = world.access(), world.new_phone(), world.new_phone()
    theirs = world.register(access, mallory)
    mallorys_code = world.sms.code()
    own = world.register(access, anna)
    annas_code = world.sms.code()
    if annas_code != mallorys_code:
        with pytest.raises(CodeWrong):
            world.verify(theirs, mallory, annas_code)
    assert world.verify(own, anna, annas_code) == anna.key.thumbprint
    assert [row.sk for row in devices(access.id)] == [f"DEVICE#{anna.key.thumbprint}"]


def test_a_second_start_leaves_the_firsts_key_and_code(world: World) -> None:
    access, first, second = world.access(), world.new_phone(), world.new_phone()
    began = world.register(access, first)
    code = world.sms.code()
    world.register(access, second)
    assert world.verify(began, first, code) == first.key.thumbprint


def test_two_phones_of_one_access_are_two_devices(world: World) -> None:
    anna = world.access()
    phones = [world.phone(anna), world.phone(anna, "webauthn")]
    assert {row.sk.removeprefix("DEVICE#") for row in devices(anna.id)} == {phone.key.thumbprint for phone in phones}
    assert AccessRow.get(anna.id, "ACCESS").devices == 2


def test_an_access_has_no_more_devices_than_it_may(world: World) -> None:
    world.set(DEVICES_PER_ACCESS=1)
    anna = world.access()
    first = world.phone(anna)
    second = world.new_phone()
    registered = world.register(anna, second)
    with pytest.raises(DeviceLimitReached):
        world.verify(registered, second)
    world.revoke(first, first.key.thumbprint)
    assert world.verify(registered, second) == second.key.thumbprint


def test_a_revoked_key_stays_revoked(world: World) -> None:
    anna = world.access()
    first, second = world.phone(anna), world.phone(anna)
    world.revoke(first, second.key.thumbprint)
    second.access_id = ""
    registered = world.register(anna, second)
    with pytest.raises(DeviceRevoked):
        world.verify(registered, second)
    (row,) = [row for row in devices(anna.id) if row.sk.endswith(second.key.thumbprint)]
    assert row.state == "revoked"


def test_an_access_that_is_gone_has_no_device(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    world.verify(registered, phone)
    AccessRow.get(anna.id, "ACCESS").delete()
    phone.access_id = ""
    with pytest.raises(RegistrationNotFound):
        world.verify(registered, phone)


def raw(world: World, registered: Registered, phone: Phone, **changes: Any) -> Confirmation:
    own = world.confirmation(registered, phone, world.sms.code())
    assert isinstance(own.approval_key, RawKey)
    return Confirmation(
        own.code, RawKey(**{"jwk": own.approval_key.jwk, "signature": own.approval_key.signature, **changes})
    )


OTHER = Key.make()
RAW_KEYS: dict[str, tuple[dict[str, Any], type[Refusal]]] = {
    "another key": ({"jwk": OTHER.public_jwk()}, ApprovalInvalid),
    "no signature": ({"signature": ""}, ApprovalInvalid),
    "zeros": ({"signature": base64url.encode(bytes(64))}, ApprovalInvalid),
    "DER": ({"signature": base64url.encode(OTHER.sign_as_made(b""))}, ApprovalInvalid),
    "no base64url": ({"signature": "+/=="}, InvalidRequest),
    "a private key": ({"jwk": OTHER.private_jwk()}, InvalidRequest),
    "an empty key": ({"jwk": {}}, InvalidRequest),
    "off the curve": ({"jwk": {**OTHER.public_jwk(), "y": OTHER.public_jwk()["x"]}}, InvalidRequest),
}


@pytest.mark.parametrize(("changes", "refusal"), RAW_KEYS.values(), ids=RAW_KEYS)
def test_a_raw_key_that_is_not_proven_is_refused(world: World, changes: dict[str, Any], refusal: type[Refusal]) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    with pytest.raises(refusal):
        finish(world, registered, phone, raw(world, registered, phone, **changes))
    assert devices(anna.id) == []


@pytest.mark.parametrize("change", ["registration_id", "challenge", "device key"])
def test_a_raw_key_is_proven_for_this_registration_and_device_key(world: World, change: str) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    told = registered
    if change != "device key":
        told = Registered(**{**{name: getattr(registered, name) for name in registered.__struct_fields__}, change: "x"})
    proven = phone.approval.prove(told, device_key=OTHER if change == "device key" else phone.key)
    ask = Confirmation(world.sms.code(), RawKey(proven["jwk"], proven["signature"]))
    with pytest.raises(ApprovalInvalid):
        finish(world, registered, phone, ask)


AUTHENTICATORS: dict[str, dict[str, Any]] = {
    "no fingerprint": {"verifies": False},
    "another page": {"origin": "https://evil.example"},
    "another relying party": {"rp_id": "evil.example"},
}


@pytest.mark.parametrize("changes", AUTHENTICATORS.values(), ids=AUTHENTICATORS)
def test_a_credential_made_without_a_fingerprint_or_elsewhere_is_refused(world: World, changes: dict[str, Any]) -> None:
    anna, phone = world.access(), world.new_phone("webauthn")
    registered = world.register(anna, phone)
    assert isinstance(phone.approval, Authenticator)
    phone.approval = replace(phone.approval, **changes)
    if "rp_id" in changes:
        registered.webauthn["rp"]["id"] = changes["rp_id"]
    with pytest.raises(ApprovalInvalid):
        world.verify(registered, phone)
    assert devices(anna.id) == []


def test_a_credential_made_for_another_challenge_is_refused(world: World) -> None:
    anna, phone = world.access(), world.new_phone("webauthn")
    first, second = world.register(anna, phone), None
    code = world.sms.code()
    second = world.register(anna, phone)
    ask = world.confirmation(second, phone, code)
    with pytest.raises(ApprovalInvalid):
        finish(world, first, phone, ask)


@pytest.mark.parametrize(
    "credential",
    [{}, {"id": 7}, {"id": "a", "rawId": "a", "type": "public-key", "response": {}}, {"response": []}],
    ids=str,
)
def test_what_is_no_credential_is_refused(world: World, credential: dict[str, Any]) -> None:
    anna, phone = world.access(), world.new_phone("webauthn")
    registered = world.register(anna, phone)
    with pytest.raises(ApprovalInvalid):
        finish(world, registered, phone, Confirmation(world.sms.code(), WebAuthnKey(credential)))


def test_a_bad_approval_key_uses_up_no_try_and_tells_nothing_of_the_code(world: World) -> None:
    anna, phone = world.access(), world.new_phone()
    registered = world.register(anna, phone)
    right = raw(world, registered, phone, signature="")
    for ask in (right, Confirmation(other_code(right.code), right.approval_key)):
        with pytest.raises(ApprovalInvalid):
            finish(world, registered, phone, ask)
    (row,) = RegistrationRow.query(anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    assert row.tries == 0


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
def test_a_phone_is_registered_over_http(world: World, kind: str) -> None:
    world.now = int(time.time())
    anna, phone = world.access(), world.new_phone(kind)
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
        "access_id": anna.id,
        "access_number": anna.number,
        "device_id": phone.key.thumbprint,
        "display_name": "Anna Berger",
    }


def test_a_new_code_is_sent_over_http(world: World) -> None:
    world.set(SMS_RESEND_AFTER=0)
    world.now = int(time.time())
    phone = world.new_phone()
    registered = world.register(world.access(), phone)
    status, _, told = world.send(phone, "POST", f"/v1/keys/{registered.registration_id}/resend")
    assert status == 202
    assert told["registration_id"] == registered.registration_id
    assert world.aws.operations().count("Publish") == 1


def events_of(world: World, access_id: str, phone: Phone) -> list[dict[str, Any]]:
    phone.access_id = access_id
    events: list[dict[str, Any]] = world.events(phone)["events"]
    return events
