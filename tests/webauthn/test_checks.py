"""What an authenticator says is held to all that WebAuthn demands, not only to what the library looks at."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from smartident.approvals.decide import Approve
from smartident.errors import ApprovalInvalid
from smartident_client import base64url
from smartident_client.answers import Registration
from smartident_client.approval_keys import RawApprovalKey
from smartident_client.authenticator import Authenticator, cbor
from smartident_client.keys import Key
from tests.support.enrolment import devices
from tests.support.scenarios import scene_of
from tests.support.world import Phone, World

if TYPE_CHECKING:
    pass

PAGE = "https://app.example.test"


@dataclass
class Framed(Authenticator):
    """An authenticator whose browser says more of the page that asks."""

    said: dict[str, object] = field(default_factory=dict)

    def _client_data(self, kind: str, challenge: str) -> str:
        data = json.loads(base64url.decode(super()._client_data(kind, challenge)))
        return base64url.encode(json.dumps({**data, **self.said}).encode())


@dataclass
class Keyed(Authenticator):
    """An authenticator that says another public key is its own."""

    cose: dict[int, Any] = field(default_factory=dict)

    def _authenticator_data(self, *, creating: bool = False) -> bytes:
        data = super()._authenticator_data(creating=creating)
        return data[: 37 + 18 + len(self.credential_id)] + cbor(self.cose) if creating else data


@dataclass
class Attested(Authenticator):
    """An authenticator that attests in a way that nobody asked for."""

    said: dict[str, Any] = field(default_factory=dict)

    def prove(self, registration: Registration, *, device_key: Key) -> dict[str, Any]:
        proven = super().prove(registration, device_key=device_key)
        data = self._authenticator_data(creating=True)
        proven["credential"]["response"]["attestationObject"] = base64url.encode(cbor({**self.said, "authData": data}))
        return proven


FRAMES: dict[str, dict[str, object]] = {
    "in a frame": {"crossOrigin": True},
    "in a frame of": {"crossOrigin": True, "topOrigin": "https://evil.example"},
    "below a page": {"topOrigin": "https://evil.example"},
}


def refused(world: World, approval: Authenticator) -> bool:
    """Whether no device comes of this approval key."""
    anna, phone = world.account(), Phone(Key.make(), approval)
    registered = world.register(anna, phone)
    try:
        world.verify(registered, phone)
    except ApprovalInvalid:
        assert devices(anna.id) == []
        return True
    return False


@pytest.mark.parametrize("said", FRAMES.values(), ids=FRAMES)
def test_a_passkey_is_not_made_inside_another_page(world: World, said: dict[str, object]) -> None:
    assert refused(world, Framed(Key.make(), PAGE, said=said))
    assert not refused(world, Framed(Key.make(), PAGE, said={"crossOrigin": False}))


@pytest.mark.parametrize("said", FRAMES.values(), ids=FRAMES)
def test_a_passkey_approves_nothing_inside_another_page(world: World, said: dict[str, object]) -> None:
    scene = scene_of(world, "webauthn")
    own = scene.phone.approval
    assert isinstance(own, Authenticator)
    scene.phone.approval = Framed(own.key, own.origin, own.rp_id, own.credential_id, said=said)
    evidence = scene.phone.evidence(
        base64url.encode(scene.started.login.statement.encode()), scene.started.transfer_code or "", now=world.now
    )
    with pytest.raises(ApprovalInvalid):
        world.decide(scene.phone, scene.started.login.id, Approve(evidence))
    assert scene.still_waits()


X, Y = bytes(31) + b"\x01", bytes(31) + b"\x02"
KEYS: dict[str, dict[int, Any]] = {
    "a point of small order": {1: 1, 3: -8, -1: 6, -2: bytes(32)},
    "a point off the curve": {1: 2, 3: -7, -1: 1, -2: X, -3: Y},
    "half a point": {1: 2, 3: -7, -1: 1, -2: X[:31], -3: Y},
    "another curve": {1: 2, 3: -7, -1: 2, -2: X, -3: Y},
    "a curve of the other kind": {1: 1, 3: -8, -1: 1, -2: X},
    "RSA under another name": {1: 3, 3: -7, -1: bytes(256), -2: b"\x01\x00\x01"},
}


@pytest.mark.parametrize("cose", KEYS.values(), ids=KEYS)
def test_a_passkey_has_a_key_that_would_do_as_a_raw_one(world: World, cose: dict[int, Any]) -> None:
    assert refused(world, Keyed(Key.make(), PAGE, cose=cose))


ATTESTATIONS: dict[str, dict[str, Any]] = {
    "a text that is none": {"fmt": "android-safetynet", "attStmt": {"ver": "2", "response": 1}},
    "a text": {"fmt": "android-safetynet", "attStmt": {"ver": "2", "response": "e30.e30.e30"}},
    "nothing": {"fmt": "packed", "attStmt": {}},
    "a number": {"fmt": "tpm", "attStmt": {"alg": -7, "sig": 1, "ver": 2, "certInfo": 3, "pubArea": 4}},
    "unknown": {"fmt": "no such thing", "attStmt": {}},
}


@pytest.mark.parametrize("said", ATTESTATIONS.values(), ids=ATTESTATIONS)
def test_an_odd_attestation_is_refused_and_no_fault(world: World, said: dict[str, Any]) -> None:
    assert refused(world, Attested(Key.make(), PAGE, said=said))


@pytest.mark.parametrize(("length", "fits"), [(1023, True), (1024, False)])
def test_a_passkeys_name_is_no_longer_than_the_standard_lets_it_be(world: World, length: int, *, fits: bool) -> None:
    assert refused(world, Authenticator(Key.make(), PAGE, credential_id=bytes(length))) is not fits


def test_the_device_key_is_no_approval_key(world: World) -> None:
    """It signs without a fingerprint."""
    anna, key = world.account(), Key.make()
    phone = Phone(key, RawApprovalKey(key))
    with pytest.raises(ApprovalInvalid):
        world.verify(world.register(anna, phone), phone)
    assert devices(anna.id) == []
