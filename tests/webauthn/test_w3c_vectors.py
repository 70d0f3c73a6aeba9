"""W3C's own ceremonies (WebAuthn level 3, section 16): taken where we take them, and refused once they are spoiled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import decode_credential_public_key, parse_attestation_object

from smartident.crypto.jwk import public_key
from smartident.errors import ApprovalInvalid
from smartident.webauthn.ceremonies import Assertion, NewCredential, verify_assertion, verify_new_credential
from smartident.webauthn.cose_key import cose_key_of, jwk_of
from smartident.webauthn.relying_party import RelyingParty
from smartident_client import base64url
from smartident_client.authenticator import cbor

VECTORS: dict[str, dict[str, dict[str, str]]] = json.loads(
    Path(__file__).with_name("w3c_vectors.json").read_text(encoding="utf-8")
)["vectors"]
PARTY = RelyingParty("example.org", ("https://example.org",))
RP_HASH_BYTES = 32
VERIFIED, ELIGIBLE, BACKED_UP = 0x04, 0x08, 0x10
# What a page of ours never asks for: its parameters name ES256 and EdDSA with Ed25519 alone.
OTHER_KEYS = {"packed-es384", "packed-es512", "packed-rs256", "packed-ed448"}
FRAMED = {"none-es256-crossOrigin", "none-es256-topOrigin"}
TAKEN = sorted(VECTORS.keys() - OTHER_KEYS)


def raw(name: str, ceremony: str, member: str) -> bytes:
    return bytes.fromhex(VECTORS[name][ceremony][member])


def conveyed(name: str) -> bytes:
    """The attestation object as a browser hands it to a page that asks for no attestation, as ours does."""
    made = raw(name, "registration", "attestationObject")
    data = made[made.index(attested(name).rp_id_hash) :]
    key = attested(name).attested_credential_data
    length = RP_HASH_BYTES + 1 + 4 + 16 + 2 + len(key.credential_id) + len(key.credential_public_key)
    return cbor({"fmt": "none", "attStmt": {}, "authData": data[:length]})


def credential(name: str, ceremony: str, **changes: bytes) -> dict[str, Any]:
    """The credential as a browser's `toJSON` gives it, with these members of its response changed."""
    members = ("clientDataJSON", "attestationObject", "authenticatorData", "signature")
    given = {member: raw(name, ceremony, member) for member in members if member in VECTORS[name][ceremony]}
    response = {**given, **({"attestationObject": conveyed(name)} if ceremony == "registration" else {}), **changes}
    own = base64url.encode(raw(name, "registration", "credential_id"))
    said = {member: base64url.encode(value) for member, value in response.items()}
    return {"id": own, "rawId": own, "type": "public-key", "response": said}


def attested(name: str) -> Any:
    """What the authenticator said when it made the credential."""
    return parse_attestation_object(raw(name, "registration", "attestationObject")).auth_data


def cose_key(name: str) -> bytes:
    """The credential's key as we would keep it."""
    key: bytes = attested(name).attested_credential_data.credential_public_key
    return cose_key_of(public_key(jwk_of(key), field="key"))


def verifies_user(name: str, ceremony: str) -> bool:
    if ceremony == "registration":
        return bool(attested(name).flags.uv)
    return bool(raw(name, ceremony, "authenticatorData")[RP_HASH_BYTES] & VERIFIED)


def make(name: str, *, party: RelyingParty = PARTY, challenge: bytes | None = None, **changes: bytes) -> NewCredential:
    expected = challenge or raw(name, "registration", "challenge")
    return verify_new_credential(credential(name, "registration", **changes), challenge=expected, party=party)


def use(
    name: str,
    *,
    party: RelyingParty = PARTY,
    challenge: bytes | None = None,
    key: bytes | None = None,
    **changes: Any,
) -> Assertion:
    expected = challenge or raw(name, "authentication", "challenge")
    asserted = credential(name, "authentication", **changes)
    return verify_assertion(asserted, challenge=expected, cose_key=key or cose_key(name), party=party)


def of_ours(ceremony: str) -> list[str]:
    """The ceremonies that we take: the user verified, by a key of ours, in no frame."""
    return [name for name in TAKEN if name not in FRAMED and verifies_user(name, ceremony)]


@pytest.mark.parametrize("name", of_ours("registration"))
def test_a_genuine_credential_is_taken_with_what_its_authenticator_says(name: str) -> None:
    made, flags = make(name), attested(name).flags
    assert made.id == raw(name, "registration", "credential_id")
    assert made.aaguid.replace("-", "") == VECTORS[name]["registration"]["aaguid"]
    assert (made.backup_eligible, made.backed_up, made.sign_count) == (flags.be, flags.bs, 0)
    assert cose_key_of(public_key(made.jwk, field="key")) == cose_key(name)


@pytest.mark.parametrize("name", of_ours("authentication"))
def test_a_genuine_assertion_is_taken_with_what_its_authenticator_says(name: str) -> None:
    flags = raw(name, "authentication", "authenticatorData")[RP_HASH_BYTES]
    assert use(name) == Assertion(0, bool(flags & ELIGIBLE), bool(flags & BACKED_UP))


def test_enough_of_them_are_taken() -> None:
    assert of_ours("registration") == ["android-key-es256", "packed-es256", "packed-self-es256", "tpm-es256"]
    assert of_ours("authentication") == ["none-es256-long-credential-id", "packed-es256", "tpm-es256"]


@pytest.mark.parametrize("name", sorted({*TAKEN} - {*of_ours("registration")}))
def test_a_genuine_credential_without_fingerprint_or_in_a_frame_is_refused(name: str) -> None:
    # Nothing else is wrong with it: the library takes it where it need not ask for the fingerprint.
    verify_registration_response(
        credential=credential(name, "registration"),
        expected_challenge=raw(name, "registration", "challenge"),
        expected_rp_id=PARTY.id,
        expected_origin=list(PARTY.origins),
    )
    with pytest.raises(ApprovalInvalid):
        make(name)


@pytest.mark.parametrize("name", sorted({*TAKEN} - {*of_ours("authentication")}))
def test_a_genuine_assertion_without_fingerprint_or_in_a_frame_is_refused(name: str) -> None:
    verify_authentication_response(
        credential=credential(name, "authentication"),
        expected_challenge=raw(name, "authentication", "challenge"),
        expected_rp_id=PARTY.id,
        expected_origin=list(PARTY.origins),
        credential_public_key=attested(name).attested_credential_data.credential_public_key,
        credential_current_sign_count=0,
    )
    with pytest.raises(ApprovalInvalid):
        use(name)


@pytest.mark.parametrize("name", sorted(OTHER_KEYS))
def test_a_genuine_credential_of_another_kind_of_key_is_refused(name: str) -> None:
    with pytest.raises(ApprovalInvalid):
        make(name)


# The library knows these formats' own rules, which the invented authenticators of the vectors do not follow.
STRANGERS = {"tpm-es256", "android-key-es256", "apple-es256", "fido-u2f-es256"}


@pytest.mark.parametrize("name", TAKEN)
def test_an_attestation_that_nobody_asked_for_must_at_least_be_sound(name: str) -> None:
    sent = raw(name, "registration", "attestationObject")
    if name in of_ours("registration") and name not in STRANGERS:
        assert make(name, attestationObject=sent) == make(name)
    else:
        with pytest.raises(ApprovalInvalid):
            make(name, attestationObject=sent)


SPOILED = {
    "another challenge": {"challenge": bytes(32)},
    "another relying party": {"party": RelyingParty("example.com", PARTY.origins)},
    "a subdomain's page": {"party": RelyingParty(PARTY.id, ("https://login.example.org",))},
    "the same host by another scheme": {"party": RelyingParty(PARTY.id, ("http://example.org",))},
    "another port": {"party": RelyingParty(PARTY.id, ("https://example.org:8443",))},
}


@pytest.mark.parametrize("spoiled", SPOILED.values(), ids=SPOILED)
def test_a_genuine_ceremony_counts_only_where_it_was_asked_for(spoiled: dict[str, Any]) -> None:
    with pytest.raises(ApprovalInvalid):
        make("packed-es256", **spoiled)
    with pytest.raises(ApprovalInvalid):
        use("packed-es256", **spoiled)


@pytest.mark.parametrize("name", of_ours("authentication"))
@pytest.mark.parametrize("member", ["authenticatorData", "clientDataJSON", "signature"])
def test_one_changed_bit_anywhere_spoils_an_assertion(name: str, member: str) -> None:
    signed = raw(name, "authentication", member)
    for place in range(len(signed)):
        changed: dict[str, Any] = {member: bytes([*signed[:place], signed[place] ^ 1, *signed[place + 1 :]])}
        with pytest.raises(ApprovalInvalid):
            use(name, **changed)


@pytest.mark.parametrize("name", ["packed-es256", "packed-self-es256"])
def test_one_changed_bit_of_what_was_attested_spoils_a_credential(name: str) -> None:
    made = raw(name, "registration", "attestationObject")
    for place in range(made.index(attested(name).rp_id_hash), len(made)):
        changed = bytes([*made[:place], made[place] ^ 1, *made[place + 1 :]])
        with pytest.raises(ApprovalInvalid):
            make(name, attestationObject=changed)


@pytest.mark.parametrize("name", of_ours("authentication"))
def test_the_assertion_of_one_credential_fits_the_key_of_no_other(name: str) -> None:
    for other in TAKEN:
        if other != name:
            with pytest.raises(ApprovalInvalid):
                use(name, key=cose_key(other))


@pytest.mark.parametrize("name", TAKEN)
def test_what_was_made_is_no_assertion_and_an_assertion_makes_nothing(name: str) -> None:
    made, asserted = raw(name, "registration", "clientDataJSON"), raw(name, "authentication", "clientDataJSON")
    with pytest.raises(ApprovalInvalid):
        use(name, challenge=raw(name, "registration", "challenge"), clientDataJSON=made)
    with pytest.raises(ApprovalInvalid):
        make(name, challenge=raw(name, "authentication", "challenge"), clientDataJSON=asserted)


def test_a_credential_that_says_it_is_backed_up_without_being_able_to_is_refused() -> None:
    """BS without BE: with no attestation nothing else would notice the lie (WebAuthn level 3, 6.1.3)."""
    made = conveyed("none-es256-crossOrigin")
    flags = made.index(attested("none-es256-crossOrigin").rp_id_hash) + RP_HASH_BYTES
    plain = raw("none-es256-crossOrigin", "registration", "clientDataJSON").replace(b"true", b"false")
    assert not make("none-es256-crossOrigin", clientDataJSON=plain).backed_up
    lie = bytes([*made[:flags], made[flags] | BACKED_UP, *made[flags + 1 :]])
    with pytest.raises(ApprovalInvalid):
        make("none-es256-crossOrigin", clientDataJSON=plain, attestationObject=lie)


def test_every_key_that_is_kept_is_read_as_it_was_written() -> None:
    for name in TAKEN:
        assert decode_credential_public_key(cose_key(name)).alg in {-7, -8}
