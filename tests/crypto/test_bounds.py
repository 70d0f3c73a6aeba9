"""As much as is allowed is allowed, and one more is not: the bounds of what is read, each from both sides."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from approve.step import list_approvals
from smartident.accounts.names import (
    find_accounts,
)
from smartident.crypto.jwk import header_of
from smartident.crypto.pepper import pepper
from smartident.errors import InvalidRequest, ProofInvalid
from smartident.passwords.hashing import is_password
from smartident.passwords.legacy_formats import TOO_COSTLY, UNKNOWN_FORM, check_foreign_hash
from smartident_client import base64url
from tests.support import forged_evidence
from tests.support.world import HERE, PASSWORD, World

HASH = b64encode(bytes(32)).decode().rstrip("=")


def signed(characters: int) -> str:
    """A compact JWS of so many characters, whose header is an object."""
    empty = len(base64url.encode(json.dumps({"pad": ""}).encode())) + 2
    header = base64url.encode(json.dumps({"pad": "x" * ((characters - empty) * 3 // 4)}).encode())
    return header + "." + "p" * (characters - len(header) - 2) + "."


def argon2id(memory: int, passes: int, lanes: int) -> str:
    """A password hashed at a cost, as another release or a thief would have stored it."""
    kdf = Argon2id(salt=bytes(16), length=32, iterations=passes, lanes=lanes, memory_cost=memory, secret=pepper())
    return kdf.derive_phc_encoded(PASSWORD.encode())


def test_a_proof_has_at_most_24_576_characters() -> None:
    assert set(header_of(signed(24_576))) == {"pad"}
    with pytest.raises(ValueError, match="compact"):
        header_of(signed(24_577))


def test_a_proofs_jti_has_at_most_128_characters(world: World) -> None:
    phone = world.phone(world.account())
    shortest, longest, longer = (
        forged_evidence.proof(phone, now=world.now, claims={"jti": "x" * count}) for count in (1, 128, 129)
    )
    for request in (shortest, longest):
        assert list_approvals(request=request, here=HERE, now=world.now) == {"approvals": []}
    with pytest.raises(ProofInvalid):
        list_approvals(request=longer, here=HERE, now=world.now)


def test_an_identifier_has_at_most_254_characters(world: World) -> None:
    longest, longer = world.account("1" * 254), world.account("1" * 255)
    assert find_accounts("1" * 254) == [longest.id]
    assert longer.number == "1" * 255
    assert find_accounts("1" * 255) == []


def test_of_the_accounts_that_share_an_email_five_are_read(world: World) -> None:
    shared = {world.account(email="familie@example.test").id for _ in range(6)}
    found = find_accounts("familie@example.test")
    assert len(found) == 5
    assert set(found) < shared


def test_a_cursor_has_at_most_40_characters(world: World) -> None:
    phone = world.phone(world.account())
    assert world.events(phone, "x" * 40)["events"] == []
    with pytest.raises(InvalidRequest):
        world.events(phone, "x" * 41)


@pytest.mark.parametrize(
    ("most", "more"), [((64, 16, 1), (64, 17, 1)), ((64, 1, 8), (72, 1, 9))], ids=["passes", "lanes"]
)
def test_a_stored_hash_may_cost_so_much(world: World, most: tuple[int, int, int], more: tuple[int, int, int]) -> None:
    assert is_password(PASSWORD, argon2id(*most))
    assert not is_password(PASSWORD, argon2id(*more))


@pytest.mark.parametrize(
    ("most", "more"),
    [
        ("$argon2id$v=19$m=262144,t=1,p=1${}${}", "$argon2id$v=19$m=262145,t=1,p=1${}${}"),
        ("$argon2i$v=19$m=65536,t=4,p=8${}${}", "$argon2i$v=19$m=65537,t=4,p=8${}${}"),
        ("$scrypt$ln=17,r=8,p=1${}${}", "$scrypt$ln=17,r=9,p=1${}${}"),
        ("$scrypt$ln=1,r=1,p=1${}${}", "$scrypt$ln=0,r=1,p=1${}${}"),
        ("$pbkdf2-sha256$1${}${}", "$pbkdf2-sha256$0${}${}"),
        ("$pbkdf2-sha256$2000000${}${}", "$pbkdf2-sha256$2000001${}${}"),
        ("$pbkdf2-sha512$1000000${}${}", "$pbkdf2-sha512$1000001${}${}"),
        ("$2b$13$" + "a" * 53, "$2b$14$" + "a" * 53),
        ("$2b$04$" + "a" * 53, "$2b$03$" + "a" * 53),
    ],
    ids=[
        "memory",
        "memory and passes",
        "scrypt",
        "a cheap scrypt",
        "a cheap PBKDF2",
        "PBKDF2 of SHA-256",
        "PBKDF2 of SHA-512",
        "bcrypt",
        "a cheap bcrypt",
    ],
)
def test_a_foreign_hash_may_cost_so_much(most: str, more: str) -> None:
    check_foreign_hash(most.format(HASH, HASH))
    with pytest.raises(InvalidRequest, match=TOO_COSTLY) as refused:
        check_foreign_hash(more.format(HASH, HASH))
    assert refused.value.details == {"field": "password_hash"}


def test_a_hash_of_no_known_form_is_refused_by_its_fields_name() -> None:
    with pytest.raises(InvalidRequest, match=UNKNOWN_FORM) as refused:
        check_foreign_hash("5f4dcc3b5aa765d61d8327deb882cf99")
    assert refused.value.details == {"field": "password_hash"}
