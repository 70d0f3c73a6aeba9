"""What a phone signs or makes, as an attacker's phone would: refused, and never a fault of ours."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING, Any

import pytest

from smartident.approvals.approval_key import verify_webauthn_key
from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.dpop import Request, verify_new_key
from smartident.crypto.jwk import public_key
from smartident.devices.device import read_device
from smartident.errors import ApprovalInvalid, InvalidRequest, ProofInvalid, ProofStale
from smartident_client.authenticator import Authenticator
from smartident_client.keys import Key
from tests.fuzz.oddities import drawn, garbled_text, is_binary, member, places, replaced, seeded
from tests.support import forged_evidence
from tests.support.scenarios import Scene, scene_of
from tests.support.world import Phone, World

if TYPE_CHECKING:
    from random import Random

INPUTS = int(os.environ.get("FUZZ_INPUTS", "120")) * 5


def spoiled(value: Any, random: Random) -> Any:
    """The value with one member other, missing or of other bytes."""
    path = random.choice(places(value))
    own = member(value, path)
    if is_binary(own) and random.random() < 0.8:
        return replaced(value, path, garbled_text(own, random))
    return replaced(value, path, random.choice([forged_evidence.MISSING, drawn(random)]))


def test_no_credential_is_a_fault(world: World) -> None:
    phone = world.new_phone("webauthn")
    registered = world.register(world.account(), phone)
    credential = phone.approval.prove(registered, device_key=phone.key)["credential"]
    for number in range(INPUTS):
        odd = spoiled(copy.deepcopy(credential), seeded(number))
        try:
            key = verify_webauthn_key(odd, challenge=registered.challenge, thumbprint=phone.key.thumbprint)
        except (ApprovalInvalid, InvalidRequest):
            continue
        assert key.kind == "webauthn", (number, odd)


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
def test_no_evidence_is_a_fault_and_none_counts_for_more_than_was_signed(world: World, kind: str) -> None:
    scene = scene_of(world, kind)
    key = stored_key(scene)
    for number in range(INPUTS):
        random = seeded(number)
        signed = random.random() < 0.5
        said = spoiled(scene.say(), random) if signed else scene.say()
        evidence = forged_evidence.evidence(scene.phone, said)
        odd = evidence if signed else spoiled(evidence, random)
        try:
            told = verify_approval(odd, key=key, statement=scene.started.login.statement)
        except ApprovalInvalid:
            continue
        assert told.transfer_code == said["transfer_code"], (number, odd)


def stored_key(scene: Scene) -> Any:
    """The approval key of the scene's phone, as it is stored."""
    device = read_device(scene.anna.id, scene.phone.key.thumbprint)
    assert device
    return device.approval_key


def test_no_key_is_a_fault(world: World) -> None:
    keys = [Key.make("P-256"), Key.make("Ed25519")]
    jwks = [keys[0].public_jwk(), keys[1].public_jwk(), keys[0].private_jwk()]
    thumbprints = {key.thumbprint for key in keys}
    for number in range(INPUTS):
        random = seeded(number)
        odd = spoiled(random.choice(jwks), random)
        try:
            key = public_key(odd, field="key")
        except InvalidRequest:
            continue
        # Any 32 bytes may be an Ed25519 key; a point of P-256 is on the curve or it is none.
        assert odd["kty"] == "OKP" or key.thumbprint() in thumbprints, (number, odd)


def test_no_proof_is_a_fault(world: World) -> None:
    phone = Phone(Key.make("P-256"), Authenticator(Key.make("P-256"), ""))
    told = {"typ": "dpop+jwt", "alg": phone.key.algorithm, "jwk": phone.key.public_jwk()}
    said: dict[str, Any] = {"htm": "POST", "htu": "https://api.example.test/v1/keys", "iat": world.now, "jti": "a jti"}
    for number in range(INPUTS):
        random = seeded(number)
        header, claims = (spoiled(told, random), said) if random.random() < 0.5 else (told, spoiled(said, random))
        request = forged_evidence.proof(phone, now=world.now, method="POST", path="/v1/keys")
        odd = Request(request.method, request.url, b"", forged_evidence.jws(phone.key, header, claims))
        try:
            proof = verify_new_key(odd, now=world.now)
        except (ProofInvalid, ProofStale):
            continue
        assert proof.thumbprint == phone.key.thumbprint, (number, header, claims)
        assert proof.jti.encode() == claims["jti"].encode(), (number, claims)


def test_half_a_character_is_no_jti(world: World) -> None:
    request = forged_evidence.proof(world.new_phone(), now=world.now, method="POST", claims={"jti": "half \ud800"})
    with pytest.raises(ProofInvalid):
        verify_new_key(request, now=world.now)
