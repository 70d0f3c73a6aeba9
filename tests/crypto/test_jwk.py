"""Public keys of phones: what is refused because it would prove nothing."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from smartident.crypto.jwk import WEAK, public_key
from smartident.errors import InvalidRequest
from smartident_client import base64url
from smartident_client.keys import Key

IDENTITY = (1).to_bytes(32, "little")


@pytest.mark.parametrize("point", sorted(WEAK), ids=bytes.hex)
def test_a_key_under_which_one_signature_fits_many_messages_is_refused(point: bytes) -> None:
    with pytest.raises(InvalidRequest):
        public_key({"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(point)}, field="device_key")


OWN, OKP = Key.make().public_jwk(), Key.make("Ed25519").public_jwk()
MALFORMED = {
    "another kind": {**OWN, "kty": "RSA"},
    "another curve": {**OWN, "crv": "P-384"},
    "a member too many": {**OWN, "x5u": "https://evil.example"},
    "a short coordinate": {**OWN, "x": base64url.encode(bytes(31))},
    "no base64url": {**OWN, "x": "+"},
    "a curve of the other kind": {**OWN, "crv": "Ed25519"},
    "the other kind": {**OKP, "crv": "P-256"},
    "no curve": {name: value for name, value in OWN.items() if name != "crv"},
    "off the curve": {**OWN, "y": OWN["x"]},
    "a weak point": {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(IDENTITY)},
}


@pytest.mark.parametrize("jwk", MALFORMED.values(), ids=MALFORMED)
def test_a_key_that_is_refused_is_refused_by_its_fields_name(jwk: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        public_key(jwk, field="approval_key.jwk")
    assert refused.value.details == {"field": "approval_key.jwk"}


BESIDE: dict[str, object] = {
    "alg": "ES256",
    "use": "sig",
    "key_ops": ["verify"],
    "ext": True,
    "kid": "a name",
}


@pytest.mark.parametrize("member", BESIDE)
def test_a_member_that_browsers_add_changes_nothing(member: str) -> None:
    told = {**OWN, member: BESIDE[member]}
    assert public_key(told, field="device_key").thumbprint() == public_key(OWN, field="x").thumbprint()
    assert public_key({**OWN, **BESIDE}, field="device_key")
    assert public_key({**OKP, "alg": "Ed25519"}, field="device_key")


PURPOSES: dict[str, dict[str, object]] = {
    "for encryption": {"use": "enc"},
    "for no known use": {"use": None},
    "for deriving": {"key_ops": ["deriveBits"]},
    "for signing alone": {"key_ops": ["sign"]},
    "for nothing": {"key_ops": []},
    "for a text": {"key_ops": "verify"},
    "for the other curve's algorithm": {"alg": "EdDSA"},
    "for another algorithm": {"alg": "ECDH-ES"},
    "for none": {"alg": "none"},
    "for an algorithm that is no text": {"alg": ["ES256"]},
}


@pytest.mark.parametrize("said", PURPOSES.values(), ids=PURPOSES)
def test_a_key_that_says_it_is_for_something_else_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        public_key({**OWN, **said}, field="device_key")


def test_the_algorithm_of_one_curve_does_not_fit_the_other() -> None:
    with pytest.raises(InvalidRequest):
        public_key({**OKP, "alg": "ES256"}, field="device_key")


def test_such_a_key_does_fit_messages_that_nobody_signed() -> None:
    """R is the identity and s is 0: what the list is there for."""
    key = Ed25519PublicKey.from_public_bytes(IDENTITY)
    forged = IDENTITY + bytes(32)
    for message in (b"approve 10 EUR", b"approve 10000 EUR"):
        try:
            key.verify(forged, message)
        except InvalidSignature:
            pytest.fail("the library refuses weak keys by itself now: the list can go")


def test_the_list_holds_every_point_of_order_eight_and_less() -> None:
    """Their heights solve y = 0, y\u00b2 = 1 or d\u00b7y\u2074 + 2\u00b7y\u00b2 - 1 = 0 on the curve of RFC 8032."""
    prime = 2**255 - 19
    curve = -121665 * pow(121666, -1, prime) % prime
    heights = {int.from_bytes(point, "little") & (2**255 - 1) for point in WEAK}
    for height in heights:
        square = height * height % prime
        assert 0 in {height % prime, (square - 1) % prime, (curve * square * square + 2 * square - 1) % prime}
    assert len({height % prime for height in heights}) == 5
    assert len(WEAK) == 14


def test_other_keys_of_both_curves_are_taken() -> None:
    for curve in ("P-256", "Ed25519"):
        jwk = Key.make(curve).public_jwk()
        assert public_key(jwk, field="device_key").thumbprint()
