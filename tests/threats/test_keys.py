"""Threats against keys and evidence: what is refused in one form is refused in the other, and nothing else is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from smartident.approvals.decide import Approve
from smartident.devices.device import DeviceRow, read_device
from smartident.errors import ApprovalInvalid, InvalidRequest, ProofInvalid, Refusal
from smartident_client import base64url
from smartident_client.answers import Registration
from smartident_client.approval_keys import RawApprovalKey
from smartident_client.authenticator import Authenticator, cbor, cose_key
from smartident_client.keys import Key
from tests.support import forged_evidence
from tests.support.enrolment import devices
from tests.support.forged_evidence import MISSING
from tests.support.scenarios import Scene, scene_of
from tests.support.world import PASSWORD, Phone, World

PAGE = "https://app.example.test"
TWELVE_KILOBYTES = 12_000


@dataclass
class Passkey(Authenticator):
    """A passkey whose COSE key says something else than its authenticator would."""

    said: dict[int, Any] = field(default_factory=dict)

    def public_key(self) -> dict[int, Any]:
        """Its COSE key, with some members other, more, or missing."""
        told: dict[int, Any] = {**cose_key(self.key), **self.said}
        return {label: value for label, value in told.items() if value is not MISSING}

    def _authenticator_data(self, *, creating: bool = False) -> bytes:
        data = super()._authenticator_data(creating=creating)
        head = 37 + 18 + len(self.credential_id)
        return data[:head] + cbor(self.public_key()) if creating else data


@dataclass
class RawKey(RawApprovalKey):
    """A raw key whose JWK says something else than a phone would."""

    key: Key
    said: dict[str, Any] = field(default_factory=dict)

    def prove(self, registration: Registration, *, device_key: Key) -> dict[str, Any]:
        proven = super().prove(registration, device_key=device_key)
        return {**proven, "jwk": {**proven["jwk"], **self.said}}


def enrols(world: World, phone: Phone) -> bool:
    """Whether a device comes of these keys."""
    anna = world.account()
    try:
        world.verify(world.register(anna, phone), phone)
    except (ApprovalInvalid, InvalidRequest):
        assert devices(anna.id) == []
        return False
    return True


def test_the_honest_of_both_forms_and_curves_enrol(world: World) -> None:
    for curve in ("P-256", "Ed25519"):
        assert enrols(world, Phone(Key.make(), Passkey(Key.make(curve), PAGE)))
        assert enrols(world, Phone(Key.make(), RawKey(Key.make(curve))))


@pytest.mark.parametrize("form", ["raw key", "passkey"])
def test_device_key_as_approval_key_is_refused_in_either_form(world: World, form: str) -> None:
    """It signs every request without a fingerprint, so it proves none."""
    key = Key.make()
    assert not enrols(world, Phone(key, RawKey(key) if form == "raw key" else Passkey(key, PAGE)))


X = base64url.encode(bytes(31) + b"\x01")
# What is wrong with a key, as a JWK and as COSE say it.
WRONG: dict[str, tuple[dict[str, Any], dict[int, Any]]] = {
    "for the algorithm of the other curve": ({"alg": "EdDSA"}, {3: -8}),
    "on a curve of the other kind": ({"crv": "Ed25519"}, {-1: 6}),
    "of the other kind": ({"kty": "OKP"}, {1: 1}),
    "of no kind": ({"kty": "RSA"}, {1: 3}),
    "off its curve": ({"x": X}, {-2: base64url.decode(X)}),
    "half a point": ({"x": X[:-4]}, {-2: bytes(28)}),
    "a coordinate that is no bytes": ({"y": True}, {-3: True}),
    "with its private part": ({"d": X}, {-4: bytes(32)}),
    "for signing alone": ({"key_ops": ["sign"]}, {4: 1}),
    "with a member that nobody needs": ({"x5u": "https://evil.example"}, {99: "x" * 9_000}),
}


@pytest.mark.parametrize("form", ["raw key", "passkey"])
@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
def test_weak_or_odd_key_is_refused_in_either_form(
    world: World, form: str, said: tuple[dict[str, Any], dict[int, Any]]
) -> None:
    as_jwk, as_cose = said
    approval = RawKey(Key.make(), as_jwk) if form == "raw key" else Passkey(Key.make(), PAGE, said=as_cose)
    assert not enrols(world, Phone(Key.make(), approval))


def test_passkey_of_ed25519_with_the_algorithm_of_p256_is_refused(world: World) -> None:
    assert not enrols(world, Phone(Key.make(), Passkey(Key.make("Ed25519"), PAGE, said={3: -7})))


def test_passkey_without_an_algorithm_is_refused(world: World) -> None:
    assert not enrols(world, Phone(Key.make(), Passkey(Key.make(), PAGE, said={3: MISSING})))


@pytest.mark.parametrize(
    "said",
    [{"use": "enc"}, {"key_ops": ["deriveKey"]}, {"key_ops": "verify"}, {"alg": "ECDH-ES+A256KW"}],
    ids=["use", "key_ops", "key_ops as text", "alg"],
)
def test_key_made_for_encryption_is_refused_wherever_a_key_comes_in(world: World, said: dict[str, Any]) -> None:
    assert not enrols(world, Phone(Key.make(), RawKey(Key.make(), said)))
    anna, phone = world.account(), world.new_phone()
    world.stop_the_clock()
    ask = {"identifier": anna.number, "password": PASSWORD, "device_name": "Telefon", "platform": "ios"}
    jwk = {**phone.key.public_jwk(), **said}
    assert world.send(phone, "POST", "/v1/keys", {**ask, "device_key": jwk})[0] == 400
    body = json.dumps({**ask, "device_key": phone.key.public_jwk()}).encode()
    proof = forged_evidence.proof(phone, method="POST", path="/v1/keys", body=body, now=world.now, header={"jwk": jwk})
    refused = world.http("POST", "/v1/keys", body, headers={"dpop": proof.proof})
    assert (refused[0], refused[2]["code"]) == (401, "proof_invalid")


def test_passkeys_key_is_kept_with_its_needed_members_alone(world: World) -> None:
    anna, passkey = world.account(), Passkey(Key.make(), PAGE)
    phone = Phone(Key.make(), passkey)
    device = read_device(anna.id, world.verify(world.register(anna, phone), phone))
    assert device is not None
    assert base64url.decode(device.approval_key.key) == cbor(cose_key(passkey.key))
    assert len(DeviceRow.get(anna.id, f"DEVICE#{device.id}").approval_key) < 110


def padded(scene: Scene) -> Any:
    """What the phone says, with blanks that change nothing."""
    return json.dumps(scene.say()).encode() + b" " * TWELVE_KILOBYTES


PADDED: dict[str, Any] = {
    "blanks": padded,
    "a transfer code that is none": lambda scene: scene.say(transfer_code="1" * TWELVE_KILOBYTES),
    "a transfer code a bit longer": lambda scene: scene.say(transfer_code="1" * 17),
    "a time that is none": lambda scene: scene.say(iat=10**300),
}


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
@pytest.mark.parametrize("said", PADDED.values(), ids=PADDED)
def test_stuffed_evidence_is_not_kept_for_a_year(world: World, kind: str, said: Any) -> None:
    scene = scene_of(world, kind)
    with pytest.raises(ApprovalInvalid):
        scene.decide(forged_evidence.evidence(scene.phone, said(scene)))
    assert scene.still_waits()


def test_stuffed_assertion_approves_and_keeps_what_was_signed(world: World) -> None:
    """Browsers add members of their own, so they are no fault; nobody signed them, so they are no evidence."""
    scene = scene_of(world, "webauthn")
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    assertion, stuffing = evidence["assertion"], "x" * TWELVE_KILOBYTES
    stuffed = {**assertion, "clientExtensionResults": {"x": stuffing}, "more": [stuffing]}
    stuffed["response"] = {**assertion["response"], "userHandle": stuffing}
    assert scene.decide({**evidence, "assertion": stuffed}) == "approved"
    kept = json.loads(scene.row().receipt)
    assert kept["payload"] == evidence["payload"]
    assert kept["assertion"].keys() == {"id", "rawId", "type", "response"}
    assert kept["assertion"]["response"] == assertion["response"]
    assert len(scene.row().receipt) < 2_500


@pytest.mark.parametrize("member", ["clientDataJSON", "authenticatorData", "signature"])
def test_assertion_with_letters_that_decoders_skip_is_refused(world: World, member: str) -> None:
    scene = scene_of(world, "webauthn")
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    evidence["assertion"]["response"][member] += "!" * 400
    with pytest.raises(ApprovalInvalid):
        scene.decide(evidence)
    assert scene.still_waits()


@pytest.mark.parametrize("changes", [{"rawId": "other"}, {"id": "other"}, {"type": "password"}], ids=str)
def test_assertion_that_names_another_credential_is_refused(world: World, changes: dict[str, str]) -> None:
    scene = scene_of(world, "webauthn")
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    evidence["assertion"] |= changes
    with pytest.raises(ApprovalInvalid):
        scene.decide(evidence)


def test_longest_honest_evidence_is_kept(world: World) -> None:
    """A credential id as long as the standard allows, and a browser that says much of the page."""
    anna = world.account()
    passkey = Authenticator(Key.make(), PAGE, credential_id=bytes(1023))
    phone = Phone(Key.make(), passkey)
    world.verify(world.register(anna, phone), phone)
    started = world.start(anna)
    assert world.approve(phone, started) == "approved"


def denial(scene: Scene, body: bytes, claims: dict[str, Any]) -> tuple[int, Any]:
    path = f"/v1/approvals/{scene.started.login.id}"
    proof = forged_evidence.proof(scene.phone, now=scene.world.now, method="POST", path=path, body=body, claims=claims)
    scene.world.stop_the_clock()
    status, _, answer = scene.world.http("POST", path, body, headers={"dpop": proof.proof})
    return status, answer


DENIAL = b'{"decision":"deny","reason":"not_me"}'


@pytest.mark.parametrize(
    ("body", "claims", "refusal"),
    [
        (DENIAL + b" " * TWELVE_KILOBYTES, {}, InvalidRequest),
        (DENIAL, {"more": "x" * TWELVE_KILOBYTES}, ProofInvalid),
    ],
    ids=["blanks in the body", "claims in the proof"],
)
def test_stuffed_denial_is_not_kept_for_a_year(
    scene: Scene, body: bytes, claims: dict[str, Any], refusal: type[Refusal]
) -> None:
    assert denial(scene, body, claims)[1]["code"] == refusal.code
    assert scene.still_waits()
    assert denial(scene, DENIAL, {"more": "x"})[0] == 200
    assert len(scene.row().denial_evidence) < 1_500


def test_evidence_of_the_other_form_is_refused(world: World) -> None:
    scene = scene_of(world, "webauthn")
    other = forged_evidence.evidence(world.new_phone(), scene.say())
    with pytest.raises(ApprovalInvalid):
        world.decide(scene.phone, scene.started.login.id, Approve(other))
