"""Every request of a phone proves that its device key made this very request, just now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from approve.step import list_approvals
from register_key.step import NewKey, start_registration
from smartident.crypto.dpop import Request, verify_proof
from smartident.crypto.jwk import public_key
from smartident.errors import DeviceRevoked, InvalidRequest, ProofInvalid, ProofStale, Refusal
from smartident.statements.login import RequestOrigin
from smartident_client import base64url
from smartident_client.keys import Curve, Key
from tests.support import forged_evidence
from tests.support.forged_evidence import MISSING
from tests.support.world import HERE, HOME, NOW, PASSWORD, URL, Phone, World

OTHER = Key.make()


def listed(world: World, request: Request) -> list[dict[str, object]]:
    found: list[dict[str, object]] = list_approvals(request=request, here=HERE, now=world.now)["approvals"]  # type: ignore[assignment]  # the list is one of dictionaries
    return found


def registered(world: World, phone: Phone, request: Request) -> None:
    ask = NewKey(world.account().number, phone.key.public_jwk(), "Annas Telefon", "ios", password=PASSWORD)
    start_registration(ask, request=request, request_origin=RequestOrigin(HOME, "", ""), sms=world.sms, now=world.now)


@pytest.mark.parametrize("curve", ["P-256", "Ed25519"])
@pytest.mark.parametrize("skew", [-60, 0, 60])
def test_a_phone_whose_clock_is_a_minute_off_is_heard(world: World, curve: Curve, skew: int) -> None:
    phone = world.phone(world.account(), curve=curve)
    assert listed(world, forged_evidence.proof(phone, now=world.now, claims={"iat": world.now + skew})) == []


def test_the_new_name_of_eddsa_is_understood(world: World) -> None:
    phone = world.phone(world.account(), curve="Ed25519")
    assert listed(world, forged_evidence.proof(phone, now=world.now, header={"alg": "Ed25519"})) == []


@pytest.mark.parametrize("curve", ["P-256", "Ed25519"])
@pytest.mark.parametrize("kid", [True, False], ids=["with kid", "as RFC 9449 has it"])
def test_a_phone_may_show_its_own_key(world: World, curve: Curve, kid: bool) -> None:
    phone = world.phone(world.account(), curve=curve)
    header = {"jwk": phone.key.public_jwk(), **({} if kid else {"kid": MISSING})}
    assert listed(world, forged_evidence.proof(phone, now=world.now, header=header)) == []


def test_a_shown_key_opens_no_account_that_it_is_not_a_device_of(world: World) -> None:
    anna = world.phone(world.account())
    header = {"jwk": OTHER.public_jwk(), "kid": MISSING}
    with pytest.raises(ProofInvalid):
        listed(world, forged_evidence.proof(anna, now=world.now, key=OTHER, header=header))


def test_a_proof_is_held_against_the_key_that_it_names(world: World) -> None:
    """Whoever verifies has looked the key up by some name: the proof must name the very key."""
    phone = world.phone(world.account())
    request = forged_evidence.proof(phone, now=world.now, header={"kid": OTHER.thumbprint})
    with pytest.raises(ProofInvalid, match="another key"):
        verify_proof(request, key=public_key(phone.key.public_jwk(), field="key"), active=True, now=world.now)


@pytest.mark.parametrize("header", [{"kid": "x"}, {"kid": OTHER.thumbprint}, {"jwk": MISSING, "kid": OTHER.thumbprint}])
def test_a_new_phone_shows_one_key(world: World, header: dict[str, Any]) -> None:
    phone = world.new_phone()
    with pytest.raises(ProofInvalid):
        registered(
            world, phone, forged_evidence.proof(phone, now=world.now, method="POST", path="/v1/keys", header=header)
        )


@pytest.mark.parametrize("issued", [NOW - 61, NOW + 61, NOW + 60.5, float("inf"), float("nan")])
def test_a_stale_proof_is_told_the_servers_time(world: World, issued: float) -> None:
    phone = world.phone(world.account())
    with pytest.raises(ProofStale) as refused:
        listed(world, forged_evidence.proof(phone, now=world.now, claims={"iat": issued}))
    assert refused.value.details == {"server_time": NOW}


@pytest.mark.parametrize(
    "claims",
    [
        {"htm": "POST"},
        {"htm": MISSING},
        {"htu": URL + "/v1/devices"},
        {"htu": URL + "/v1/approvals?x=1"},
        {"htu": "https://evil.example/v1/approvals"},
        {"htu": MISSING},
        {"iat": MISSING},
        {"iat": str(NOW)},
        {"iat": True},
        {"jti": MISSING},
        {"jti": ""},
        {"jti": "x" * 129},
        {"jti": 7},
        {"sub": MISSING},
        {"sub": ["a"]},
        {"sub": "x" * 129},
        {"sub": "another account"},
        {"body_sha256": base64url.encode(bytes(32))},
    ],
    ids=str,
)
def test_a_proof_with_other_claims_is_none(world: World, claims: dict[str, Any]) -> None:
    phone = world.phone(world.account())
    with pytest.raises(ProofInvalid):
        listed(world, forged_evidence.proof(phone, now=world.now, claims=claims))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": MISSING},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES384"},
        {"alg": MISSING},
        {"kid": MISSING},
        {"kid": 7},
        {"kid": OTHER.thumbprint},
        {"kid": "x" * 129},
        {"jwk": OTHER.public_jwk()},
        {"jwk": OTHER.public_jwk(), "kid": MISSING},
        {"jwk": OTHER.private_jwk(), "kid": MISSING},
        {"jwk": "a key", "kid": MISSING},
        {"crit": ["b64"], "b64": False},
    ],
    ids=[
        "typ",
        "no typ",
        "none",
        "HMAC",
        "P-384",
        "no alg",
        "no kid",
        "number",
        "stranger",
        "long",
        "two keys",
        "own key",
        "private key",
        "no key",
        "crit",
    ],
)
def test_a_proof_with_another_header_is_none(world: World, header: dict[str, Any]) -> None:
    phone = world.phone(world.account())
    with pytest.raises(ProofInvalid):
        listed(world, forged_evidence.proof(phone, now=world.now, header=header))


def test_a_proof_signed_by_another_key_is_none(world: World) -> None:
    phone = world.phone(world.account())
    with pytest.raises(ProofInvalid):
        listed(world, forged_evidence.proof(phone, now=world.now, key=OTHER))


@pytest.mark.parametrize("sub", ["", "NUMBER#100200300", "LIMIT#sms-budget#all", "half \ud800", "\u0661", "a b", "a."])
def test_a_name_that_no_account_has_is_not_looked_up(world: World, sub: str) -> None:
    """Before any key is known, nobody chooses what is read, nor makes a read fail."""
    phone = world.phone(world.account())
    world.aws.clear()
    with pytest.raises(ProofInvalid):
        listed(world, forged_evidence.proof(phone, now=world.now, claims={"sub": sub}))
    assert world.aws.operations() == []


def test_a_key_opens_only_its_own_account(world: World) -> None:
    anna, bert = world.phone(world.account()), world.account()
    world.phone(bert)
    with pytest.raises(ProofInvalid):
        listed(world, forged_evidence.proof(anna, now=world.now, claims={"sub": bert.id}))


@pytest.mark.parametrize(
    "spoiled",
    [
        {"method": "POST"},
        {"url": URL + "/v1/events"},
        {"body": b'{"decision":"approve"}'},
        {"proof": ""},
        {"proof": "a.b"},
        {"proof": "a.b.c.d"},
        {"proof": "!.e30.c2ln"},
        {"proof": "äöü.e30.c2ln"},
        {"proof": "x" * 24_577 + "..", "url": URL},
    ],
    ids=lambda spoiled: str(spoiled)[:40],
)
def test_a_request_that_is_not_the_proven_one_is_refused(world: World, spoiled: dict[str, Any]) -> None:
    phone = world.phone(world.account())
    with pytest.raises(ProofInvalid):
        listed(world, replace(phone.request("GET", "/v1/approvals", now=world.now), **spoiled))


@pytest.mark.parametrize("body", [b"", b'{"name":"x"}'], ids=["left out", "another"])
def test_a_body_is_covered_byte_for_byte(world: World, body: bytes) -> None:
    phone = world.phone(world.account())
    with pytest.raises(ProofInvalid):
        listed(world, replace(phone.request("PATCH", "/v1/devices/x", b'{"name":"y"}', now=world.now), body=body))


@pytest.mark.parametrize(
    "part", [b"[]", b"7", b"{", b"[" * 9_000, b"\xff"], ids=["list", "number", "cut", "deep", "bytes"]
)
def test_what_is_no_json_object_is_no_proof(world: World, part: bytes) -> None:
    phone = world.phone(world.account())
    header = {"typ": "dpop+jwt", "alg": "ES256", "kid": phone.key.thumbprint}
    for proof in (forged_evidence.jws(phone.key, header, part), forged_evidence.jws(phone.key, part, {})):
        with pytest.raises(ProofInvalid):
            listed(world, phone.request("GET", "/v1/approvals", now=world.now, proof=proof))


def test_a_revoked_phone_learns_that_it_is_revoked(world: World) -> None:
    phone = world.phone(world.account())
    world.revoke(phone, phone.key.thumbprint)
    with pytest.raises(DeviceRevoked):
        world.listed(phone)


def test_only_who_holds_the_key_learns_that_a_phone_is_revoked(world: World) -> None:
    phone = world.phone(world.account())
    world.revoke(phone, phone.key.thumbprint)
    with pytest.raises(ProofInvalid):
        listed(world, forged_evidence.proof(phone, now=world.now, key=OTHER))


@pytest.mark.parametrize(
    "claims",
    [{"jti": MISSING}, {"jti": "x" * 129}, {"htm": "GET"}, {"htu": URL}, {"iat": "now"}, {"body_sha256": "x"}],
    ids=str,
)
def test_a_new_key_proves_its_request_too(world: World, claims: dict[str, Any]) -> None:
    phone = world.new_phone()
    request = forged_evidence.proof(phone, now=world.now, method="POST", path="/v1/keys", claims=claims)
    with pytest.raises(ProofInvalid):
        registered(world, phone, request)
    assert len(world.sms) == 0


@pytest.mark.parametrize("part", [b"[]", b"{", b"[" * 9_000], ids=["list", "cut", "deep"])
def test_a_new_key_signs_an_object(world: World, part: bytes) -> None:
    phone = world.new_phone()
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": phone.key.public_jwk()}
    with pytest.raises(ProofInvalid):
        registered(world, phone, Request("POST", URL + "/v1/keys", b"", forged_evidence.jws(phone.key, header, part)))


OWN = OTHER.public_jwk()
JWKS: dict[str, tuple[Any, type[Refusal]]] = {
    "private": (OTHER.private_jwk(), ProofInvalid),
    "no object": ("jwk", ProofInvalid),
    "a coordinate missing": ({name: OWN[name] for name in ("kty", "crv", "x")}, ProofInvalid),
    "off the curve": ({**OWN, "y": OWN["x"]}, ProofInvalid),
    "a short coordinate": ({**OWN, "x": base64url.encode(bytes(31))}, ProofInvalid),
    "a long coordinate": ({**OWN, "x": base64url.encode(bytes(33))}, ProofInvalid),
    "padded base64": ({**OWN, "x": OWN["x"] + "="}, ProofInvalid),
    "another curve": ({**OWN, "crv": "P-384"}, ProofInvalid),
    "a secret key": ({"kty": "oct", "k": "c2VjcmV0"}, ProofInvalid),
    "RSA": ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, ProofInvalid),
    "an unknown member": ({**OWN, "x5u": "https://evil.example"}, ProofInvalid),
    "an EC key on an Edwards curve": ({**OWN, "crv": "Ed25519"}, ProofInvalid),
    "an OKP key on P-256": ({"kty": "OKP", "crv": "P-256", "x": OWN["x"]}, ProofInvalid),
}


@pytest.mark.parametrize(("jwk", "refusal"), JWKS.values(), ids=JWKS)
def test_only_a_public_key_of_a_known_curve_is_registered(world: World, jwk: Any, refusal: type[Refusal]) -> None:
    phone = Phone(OTHER, world.new_phone().approval)
    request = forged_evidence.proof(phone, now=world.now, method="POST", path="/v1/keys", header={"jwk": jwk})
    with pytest.raises(refusal):
        registered(world, phone, request)
    assert len(world.sms) == 0


def test_the_members_that_browsers_add_to_a_jwk_are_no_other_key(world: World) -> None:
    phone = world.new_phone()
    jwk = {**phone.key.public_jwk(), "ext": True, "key_ops": ["verify"], "alg": "ES256", "use": "sig", "kid": "1"}
    request = forged_evidence.proof(phone, now=world.now, method="POST", path="/v1/keys", header={"jwk": jwk})
    registered(world, phone, request)
    assert len(world.sms) == 1


def test_a_proof_registers_no_key_but_its_own(world: World) -> None:
    anna, mallory = world.new_phone(), world.new_phone()
    request = forged_evidence.proof(mallory, now=world.now, method="POST", path="/v1/keys")
    with pytest.raises(InvalidRequest) as refused:
        registered(world, anna, request)
    assert refused.value.details == {"field": "device_key"}
    assert len(world.sms) == 0
