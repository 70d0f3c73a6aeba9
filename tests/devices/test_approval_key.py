"""Step 4: the approval key is proven for this registration, and a credential by a fingerprint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smartident.devices.registration import RegistrationRow
from smartident.errors import (
    ApprovalInvalid,
    InvalidRequest,
    Refusal,
)
from smartident_client import base64url
from smartident_client.answers import Registration as Registered
from smartident_client.authenticator import Authenticator
from smartident_client.keys import Key
from tests.support.enrolment import devices, finish, other_code
from tests.support.world import Phone, World
from verify_sms.step import Confirmation, RawKey, WebAuthnKey


def raw(world: World, registered: Registered, phone: Phone, **changes: Any) -> Confirmation:
    own = world.confirmation(registered, phone, world.sms.code())
    assert isinstance(own.approval_key, RawKey)
    proven = {"jwk": own.approval_key.jwk, "signature": own.approval_key.signature, **changes}
    return Confirmation(RawKey(**proven), own.code)


OTHER = Key.make()
# y = 0: a point of order four on the curve of Ed25519.
WEAK_X = base64url.encode(bytes(32))
RAW_KEYS: dict[str, tuple[dict[str, Any], type[Refusal]]] = {
    "another key": ({"jwk": OTHER.public_jwk()}, ApprovalInvalid),
    "no signature": ({"signature": ""}, ApprovalInvalid),
    "zeros": ({"signature": base64url.encode(bytes(64))}, ApprovalInvalid),
    "DER": ({"signature": base64url.encode(OTHER.sign_as_made(b""))}, ApprovalInvalid),
    "no base64url": ({"signature": "+/=="}, InvalidRequest),
    "a private key": ({"jwk": OTHER.private_jwk()}, InvalidRequest),
    "an empty key": ({"jwk": {}}, InvalidRequest),
    "a point of small order": ({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": WEAK_X}}, InvalidRequest),
    "off the curve": ({"jwk": {**OTHER.public_jwk(), "y": OTHER.public_jwk()["x"]}}, InvalidRequest),
}


@pytest.mark.parametrize(("changes", "refusal"), RAW_KEYS.values(), ids=RAW_KEYS)
def test_a_raw_key_that_is_not_proven_is_refused(world: World, changes: dict[str, Any], refusal: type[Refusal]) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    with pytest.raises(refusal):
        finish(world, registered, phone, raw(world, registered, phone, **changes))
    assert devices(anna.id) == []


@pytest.mark.parametrize("change", ["registration_id", "challenge", "device key"])
def test_a_raw_key_is_proven_for_this_registration_and_device_key(world: World, change: str) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    told = registered
    if change != "device key":
        told = Registered(**{**{name: getattr(registered, name) for name in registered.__struct_fields__}, change: "x"})
    proven = phone.approval.prove(told, device_key=OTHER if change == "device key" else phone.key)
    ask = Confirmation(RawKey(proven["jwk"], proven["signature"]), world.sms.code())
    with pytest.raises(ApprovalInvalid):
        finish(world, registered, phone, ask)


AUTHENTICATORS: dict[str, dict[str, Any]] = {
    "no fingerprint": {"verifies": False},
    "another page": {"origin": "https://evil.example"},
    "another relying party": {"rp_id": "evil.example"},
}


@pytest.mark.parametrize("changes", AUTHENTICATORS.values(), ids=AUTHENTICATORS)
def test_a_credential_made_without_a_fingerprint_or_elsewhere_is_refused(world: World, changes: dict[str, Any]) -> None:
    anna, phone = world.account(), world.new_phone("webauthn")
    registered = world.register(anna, phone)
    assert isinstance(phone.approval, Authenticator)
    phone.approval = replace(phone.approval, **changes)
    if "rp_id" in changes:
        registered.webauthn["rp"]["id"] = changes["rp_id"]
    with pytest.raises(ApprovalInvalid):
        world.verify(registered, phone)
    assert devices(anna.id) == []


def test_a_credential_made_for_another_challenge_is_refused(world: World) -> None:
    anna, phone = world.account(), world.new_phone("webauthn")
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
    anna, phone = world.account(), world.new_phone("webauthn")
    registered = world.register(anna, phone)
    with pytest.raises(ApprovalInvalid):
        finish(world, registered, phone, Confirmation(WebAuthnKey(credential), world.sms.code()))


def test_a_bad_approval_key_uses_up_no_try_and_tells_nothing_of_the_code(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    right = raw(world, registered, phone, signature="")
    for ask in (right, Confirmation(right.approval_key, other_code(right.code or ""))):
        with pytest.raises(ApprovalInvalid):
            finish(world, registered, phone, ask)
    (row,) = RegistrationRow.query(anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    assert row.code_attempts is None
