"""What never approves a login: anything but this phone's approval key, over this statement, by a fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from smartident.approvals.decide import Approve
from smartident.approvals.signed_decision import verify_approval
from smartident.devices.snapshot import read_snapshot
from smartident.errors import ApprovalInvalid
from smartident_client import base64url
from smartident_client.authenticator import Authenticator
from smartident_client.keys import Key
from tests.support import forged_evidence
from tests.support.forged_evidence import MISSING
from tests.support.scenarios import Scene, scene_of
from tests.support.world import World

OTHER = Key.make()


SAYINGS: dict[str, Any] = {
    "another statement": {"statement": base64url.encode(b'{"v":1}')},
    "a padded statement": {"statement": "x="},
    "no text as statement": {"statement": 7},
    "another purpose": {"purpose": "smartident-payment"},
    "a login's purpose": {"purpose": "smartident-login"},
    "another decision": {"decision": "deny"},
    "another version": {"v": 2},
    "a version that only counts as one": {"v": True},
    "a version with a point": {"v": 1.0},
    "a truth as time": {"iat": True},
    "letters that only look like digits": {"transfer_code": "\uff16\uff10\uff14\uff11\uff19\uff13"},
    "a list of statements": {"statement": ["x"]},
    "an extra member": {"amount": "1000 EUR"},
    "no time": {"iat": MISSING},
    "no code": {"transfer_code": MISSING},
    "a number as code": {"transfer_code": 123456},
    "a text as time": {"iat": "now"},
}


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
@pytest.mark.parametrize("changes", SAYINGS.values(), ids=SAYINGS)
def test_what_says_something_else_approves_nothing(world: World, kind: str, changes: dict[str, Any]) -> None:
    scene = scene_of(world, kind)
    with pytest.raises(ApprovalInvalid):
        scene.decide(forged_evidence.evidence(scene.phone, scene.say(**changes)))
    assert scene.still_waits()


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b'"approve"', b"[" * 12_000, b"\xff\xfe"],
    ids=["empty", "cut", "list", "text", "deep", "bytes"],
)
def test_what_is_no_json_object_approves_nothing(world: World, kind: str, payload: bytes) -> None:
    scene = scene_of(world, kind)
    with pytest.raises(ApprovalInvalid):
        scene.decide(forged_evidence.evidence(scene.phone, payload))
    assert scene.still_waits()


def test_the_approval_of_one_login_approves_no_other(scene: Scene) -> None:
    other = scene.world.start(scene.anna)
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    with pytest.raises(ApprovalInvalid):
        scene.world.decide(scene.phone, other.login.id, Approve(evidence))
    assert scene.still_waits()


HEADERS: dict[str, dict[str, Any]] = {
    "another kid": {"kid": OTHER.thumbprint},
    "no kid": {"kid": MISSING},
    "a JWT": {"typ": "JWT"},
    "a device proof": {"typ": "dpop+jwt"},
    "no typ": {"typ": MISSING},
    "no algorithm": {"alg": MISSING},
    "alg none": {"alg": "none"},
    "alg HS256": {"alg": "HS256"},
    "alg of another curve": {"alg": "EdDSA"},
    "a key of its own": {"jwk": OTHER.public_jwk()},
    "a critical extension": {"crit": ["b64"], "b64": False},
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_signature_that_calls_itself_otherwise_approves_nothing(scene: Scene, header: dict[str, Any]) -> None:
    with pytest.raises(ApprovalInvalid):
        scene.decide(forged_evidence.evidence(scene.phone, scene.say(), header=header))
    assert scene.still_waits()


@pytest.mark.parametrize("key", ["another", "device"])
def test_only_the_approval_key_approves(scene: Scene, key: str) -> None:
    signer = scene.phone.key if key == "device" else OTHER
    with pytest.raises(ApprovalInvalid):
        scene.decide(forged_evidence.evidence(scene.phone, scene.say(), key=signer))
    assert scene.still_waits()


def test_each_phone_approves_with_its_own_key(scene: Scene) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    with pytest.raises(ApprovalInvalid):
        scene.world.decide(second, scene.started.login.id, Approve(evidence))
    assert scene.still_waits()


@pytest.mark.parametrize(
    "evidence",
    [
        {},
        {"type": "jws"},
        {"type": "jws", "jws": 7},
        {"type": "jws", "jws": ""},
        {"type": "jws", "jws": "a.b.c"},
        {"type": "jws", "jws": "bnVsbA.b.c"},
        {"type": "jws", "jws": "x" * 30_000},
        {"type": "webauthn", "jws": "a.b.c"},
        {"type": "jws", "jws": "a.b.c", "more": 1},
    ],
    ids=lambda evidence: str(evidence)[:40],
)
def test_what_is_no_jws_approves_nothing(scene: Scene, evidence: dict[str, Any]) -> None:
    with pytest.raises(ApprovalInvalid):
        scene.decide(evidence)
    assert scene.still_waits()


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
@pytest.mark.parametrize("changes", [{"type": "raw"}, {"type": None}, {"more": 1}], ids=["raw", "null", "more"])
def test_a_signature_handed_in_under_another_name_approves_nothing(
    world: World, kind: str, changes: dict[str, Any]
) -> None:
    scene = scene_of(world, kind)
    with pytest.raises(ApprovalInvalid):
        scene.decide({**forged_evidence.evidence(scene.phone, scene.say()), **changes})
    assert scene.still_waits()


def test_a_jws_is_taken_as_it_was_signed(scene: Scene) -> None:
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    header, _, signature = evidence["jws"].split(".")
    lie = base64url.encode(json.dumps(scene.say(iat=1)).encode())
    with pytest.raises(ApprovalInvalid):
        scene.decide({**evidence, "jws": f"{header}.{lie}.{signature}"})
    assert scene.still_waits()


AUTHENTICATORS: dict[str, dict[str, Any]] = {
    "no fingerprint": {"verifies": False},
    "another page": {"origin": "https://evil.example"},
    "another relying party": {"rp_id": "evil.example"},
    "another key": {"key": OTHER},
    "another credential": {"credential_id": bytes(32)},
}


@pytest.mark.parametrize("changes", AUTHENTICATORS.values(), ids=AUTHENTICATORS)
def test_an_assertion_without_a_fingerprint_or_from_elsewhere_approves_nothing(
    world: World, changes: dict[str, Any]
) -> None:
    scene = scene_of(world, "webauthn")
    assert isinstance(scene.phone.approval, Authenticator)
    scene.phone.approval = replace(scene.phone.approval, **changes)
    with pytest.raises(ApprovalInvalid):
        scene.decide(forged_evidence.evidence(scene.phone, scene.say()))
    assert scene.still_waits()


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": base64url.encode(b"{}")},
        {"payload": 7},
        {"payload": MISSING},
        {"assertion": MISSING},
        {"assertion": "x"},
        {"assertion": {}},
        {"type": "jws"},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_whole_assertion_approves_nothing(world: World, changes: dict[str, Any]) -> None:
    scene = scene_of(world, "webauthn")
    with pytest.raises(ApprovalInvalid):
        scene.decide(forged_evidence.changed(forged_evidence.evidence(scene.phone, scene.say()), changes))
    assert scene.still_waits()


@pytest.mark.parametrize("response", [{}, [], {"clientDataJSON": "e30"}, 7], ids=str)
def test_an_assertion_with_a_damaged_response_approves_nothing(world: World, response: Any) -> None:
    scene = scene_of(world, "webauthn")
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    evidence["assertion"]["response"] = response
    with pytest.raises(ApprovalInvalid):
        scene.decide(evidence)
    assert scene.still_waits()


def test_a_payload_that_is_no_base64url_approves_nothing(world: World) -> None:
    scene = scene_of(world, "webauthn")
    approval = scene.phone.approval
    assert isinstance(approval, Authenticator)
    payload = base64url.encode(json.dumps(scene.say()).encode()) + "="
    with pytest.raises(ApprovalInvalid):
        scene.decide(asserted(approval, payload))
    assert scene.still_waits()


def test_a_payload_that_is_no_text_approves_nothing(world: World) -> None:
    """JSON can name half a character, as an export that somebody altered may."""
    scene = scene_of(world, "webauthn")
    evidence = {**forged_evidence.evidence(scene.phone, scene.say()), "payload": "\ud800"}
    (device,) = read_snapshot(scene.anna.id, now=world.now).active_devices()
    with pytest.raises(ApprovalInvalid):
        verify_approval(evidence, key=device.approval_key, statement="")


def asserted(approval: Authenticator, payload: str) -> dict[str, Any]:
    """An assertion over a text that no honest app would sign."""
    challenge = base64url.encode(hashlib.sha256(payload.encode()).digest())
    client_data, seen = approval._client_data("webauthn.get", challenge), approval._authenticator_data()
    signature = approval.key.sign_as_made(seen + hashlib.sha256(base64url.decode(client_data)).digest())
    response = {"clientDataJSON": client_data, "authenticatorData": base64url.encode(seen)}
    response["signature"] = base64url.encode(signature)
    return {"type": "webauthn", "payload": payload, "assertion": approval._credential(response)}
