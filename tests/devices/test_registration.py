"""Step 3: a phone's new key waits for the code of an SMS."""

from __future__ import annotations

from typing import Any

import pytest

from register_key.step import to_response
from smartident.errors import (
    InvalidCredentials,
    InvalidRequest,
)
from smartident_client import base64url
from tests.support.enrolment import registrations, start
from tests.support.world import NOW, PASSWORD, World


def test_the_phone_gets_what_it_needs_to_finish(world: World) -> None:
    registered = world.register(world.account(), world.new_phone())
    assert registered.phone_hint == "•••• 4711"
    assert (registered.expires_at, registered.resend_at) == (NOW + 300, NOW + 30)
    assert [phone for phone, _ in world.sms.sent] == ["+491701234711"]


def test_the_webauthn_options_ask_this_phone_for_a_fingerprint(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    user = base64url.decode(registered.webauthn["user"].pop("id")).decode()
    assert user == f"{anna.id}.{phone.key.thumbprint}"[:64]
    assert registered.webauthn == {
        "rp": {"id": "example.test", "name": "smartIDENT"},
        "user": {"name": "Annas Telefon", "displayName": "Annas Telefon"},
        "challenge": registered.challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -8}],
        "timeout": 300_000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "authenticatorAttachment": "platform",
            "residentKey": "discouraged",
            "requireResidentKey": False,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    assert anna.display_name not in str(registered)
    assert anna.number not in str(registered)


def test_each_registration_has_a_challenge_of_its_own(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    first, second = world.register(anna, phone), world.register(anna, phone)
    assert first.challenge != second.challenge
    assert first.registration_id != second.registration_id


def test_the_same_request_come_twice_sends_one_sms(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    first, again = (start(world, anna, phone, request) for _ in range(2))
    assert to_response(first) == to_response(again)
    assert len(world.sms) == 1


@pytest.mark.parametrize("password", ["", "vier-esel-42", PASSWORD + " "], ids=["empty", "case", "blank"])
def test_a_wrong_password_costs_no_sms(world: World, password: str) -> None:
    anna = world.account()
    with pytest.raises(InvalidCredentials):
        world.register(anna, world.new_phone(), password=password)
    assert len(world.sms) == 0
    assert registrations(anna) == []


@pytest.mark.parametrize(
    "changes",
    [{"device_key": {"kty": "EC"}}, {"device_key": {}}],
    ids=["half a key", "no key"],
)
def test_a_device_key_that_is_none_names_the_field(world: World, changes: dict[str, Any]) -> None:
    phone = world.new_phone()
    with pytest.raises(InvalidRequest) as refused:
        start(world, world.account(), phone, phone.new_key_request("/v1/keys", now=world.now), **changes)
    assert refused.value.details == {"field": "device_key"}


def test_an_sms_that_went_out_is_told_of_though_that_cannot_be_kept(world: World) -> None:
    """The last write only spares a repeat the wait: the code in the person's hand is good."""
    anna, phone = world.account(), world.new_phone()
    mark = "smartident.devices.sms_sending.try_write"
    sent: list[object] = []
    world.monkeypatch.setattr(mark, sent.append)
    registered = world.register(anna, phone)
    assert len(sent) == len(world.sms) == 1
    assert world.verify(registered, phone)
