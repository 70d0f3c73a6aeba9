"""Passwords: Argon2id behind a pepper, dearer when the operator wants it so, harmless when damaged."""

from __future__ import annotations

import unicodedata

import bcrypt
import boto3
import msgspec
import pytest

from login.step import Credentials
from smartident.accounts.account import (
    Account,
)
from smartident.accounts.password_attempts import begin_attempt
from smartident.admin.change import change_password
from smartident.crypto import pepper
from smartident.errors import InvalidCredentials, ServiceUnavailable
from smartident.passwords import hashing
from smartident.passwords.hashing import FOREIGN, decoy_hash, hash_password, is_outdated, is_password
from smartident.rate_limiting.client_address import client_address_of
from tests.support.grants import replace_hash
from tests.support.password_guesses import item_of
from tests.support.world import HOME, PASSWORD, World

SALT, HASH = "c29tZXNhbHQxMjM0NTY3OA", "A" * 43


@pytest.fixture
def jonas(world: World) -> Account:
    """Somebody who logs in without a phone, so that starting needs nothing but the password."""
    return world.account(two_factor=False)


def stored_hash(account: Account) -> str:
    return str(item_of(account).password_hash)


def test_a_password_is_told_from_every_other(world: World) -> None:
    phc = hash_password(PASSWORD)
    assert is_password(PASSWORD, phc)
    assert not is_password(PASSWORD + " ", phc)
    assert not is_password(PASSWORD.lower(), phc)
    assert not is_password("", phc)


@pytest.mark.parametrize("characters", ["a", "\u00e4\u20ac \t", "\U0001f511\u6f22", "\x00'\"\\{}"])
def test_a_password_of_any_characters_counts_to_its_last_one(world: World, characters: str) -> None:
    longest = (characters * 1024)[:1024]
    phc = hash_password(longest)
    start = {"identifier": "100200301", "password": longest}
    assert is_password(longest, phc)
    assert not is_password(longest[:-1], phc)
    assert not is_password(longest[:-1] + "b", phc)
    assert msgspec.json.decode(msgspec.json.encode(start), type=Credentials).password == longest


def test_a_hash_says_its_cost_and_never_repeats(world: World) -> None:
    world.set(ARGON2_MEMORY_KIB=128, ARGON2_TIME=3, ARGON2_LANES=2)
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=128,t=3,p=2$")
    assert first != second


def test_a_stolen_table_opens_nothing_without_the_pepper(world: World) -> None:
    phc = hash_password(PASSWORD)
    another = boto3.client("secretsmanager").create_secret(Name="another-pepper", SecretString="another")
    world.set(PEPPER_SECRET_ARN=another["ARN"])
    pepper.pepper.cache_clear()
    assert not is_password(PASSWORD, phc)


def test_the_pepper_is_asked_for_once(world: World) -> None:
    pepper.pepper.cache_clear()
    world.aws.clear()
    assert pepper.mac("a", "b") == pepper.mac("a", "b")
    assert world.aws.operations() == ["GetSecretValue"]


def test_a_mac_for_one_purpose_is_worth_nothing_for_another(world: World) -> None:
    assert not pepper.constant_time_equals(pepper.mac("a", "b"), pepper.mac("b", "b"))
    assert not pepper.constant_time_equals(pepper.mac("a", "b", "c"), pepper.mac("a", "bc"))


@pytest.mark.parametrize(
    "dearer", [{"ARGON2_TIME": 2}, {"ARGON2_MEMORY_KIB": 96}, {"ARGON2_LANES": 2}], ids=["time", "memory", "lanes"]
)
def test_a_login_renews_the_hash_once_the_cost_has_risen(world: World, jonas: Account, dearer: dict[str, int]) -> None:
    cheap = stored_hash(jonas)
    world.set(**dearer)
    world.start(jonas)
    dear = stored_hash(jonas)
    assert is_outdated(cheap)
    assert not is_outdated(dear)
    world.start(jonas)
    assert stored_hash(jonas) == dear


def test_a_wrong_password_renews_nothing(world: World, jonas: Account) -> None:
    cheap = stored_hash(jonas)
    world.set(ARGON2_TIME=2)
    with pytest.raises(InvalidCredentials):
        world.start(jonas, password="falsch")
    assert stored_hash(jonas) == cheap


def test_a_password_changed_while_its_hash_is_renewed_stays_and_the_old_one_opens_nothing(
    world: World, jonas: Account
) -> None:
    world.set(ARGON2_TIME=2)
    world.aws.before("UpdateItem", lambda: change_password(jonas.id, "Neun-Nashörner-9", now=world.now), after=1)
    with pytest.raises(ServiceUnavailable):
        world.start(jonas)
    assert is_password("Neun-Nashörner-9", stored_hash(jonas))


def test_a_hash_renewed_too_late_never_brings_the_old_password_back(world: World, jonas: Account) -> None:
    stale = begin_attempt(jonas.number, client_address_of(HOME), now=world.now)
    change_password(jonas.id, "Neun-Nashörner-9", now=world.now)
    stale.replace_hash(hash_password(PASSWORD))
    assert is_password("Neun-Nashörner-9", stored_hash(jonas))


def test_two_logins_that_renew_the_hash_at_once_are_both_in(world: World, jonas: Account) -> None:
    world.set(ARGON2_TIME=2)
    others = []
    world.aws.before("UpdateItem", lambda: others.append(world.start(jonas)), after=1)
    assert [one.login.state for one in (world.start(jonas), *others)] == ["approved"] * 2


@pytest.mark.parametrize(
    "damaged",
    [
        "x",
        "$2b$12$abcdefghijklmnopqrstuv",
        f"$argon2i$v=19$m=64,t=1,p=1${SALT}${HASH}",
        f"$argon2id$v=16$m=64,t=1,p=1${SALT}${HASH}",
        f"$argon2id$v=19$m=64,t=1,p=1${SALT}$",
        f"$argon2id$v=19$m=64,t=1,p=1${SALT}${HASH}$",
        f"$argon2id$v=19$m=1,t=1,p=1${SALT}${HASH}",
        f"$argon2id$v=19$m=64,t=0,p=1${SALT}${HASH}",
        f"$argon2id$v=19$m=64,t=1,p=0${SALT}${HASH}",
        f"$argon2id$v=19$m=64,t=1,p=1$AAAAAAAA${HASH}",
        f"$argon2id$v=19$m=64,t=1,p=1${SALT}${'B' * 43}",
    ],
    ids=[
        "no hash",
        "bcrypt",
        "argon2i",
        "an old version",
        "no hash in it",
        "too much in it",
        "too little memory",
        "no time",
        "no lanes",
        "a short salt",
        "bits left over",
    ],
)
def test_a_damaged_hash_opens_for_nobody_and_breaks_nothing(world: World, jonas: Account, damaged: str) -> None:
    replace_hash(jonas, damaged)
    with pytest.raises(InvalidCredentials):
        world.start(jonas)


@pytest.mark.parametrize(
    "cost", ["m=9999999,t=1,p=1", "m=64,t=999,p=1", "m=64,t=1,p=99"], ids=["memory", "time", "lanes"]
)
def test_a_hash_that_asks_too_much_is_not_computed(monkeypatch: pytest.MonkeyPatch, cost: str) -> None:
    # Nothing of it may be asked: an attribute of None is a fault.
    monkeypatch.setattr(hashing, "Argon2id", None)
    assert not is_password(PASSWORD, f"$argon2id$v=19${cost}${SALT}${HASH}")


def test_a_hash_that_nobody_understands_counts_as_outdated(world: World) -> None:
    assert is_outdated("x")


def test_no_password_opens_the_decoy(world: World) -> None:
    assert decoy_hash() == decoy_hash()
    assert not is_password("", decoy_hash())


COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "Grüne-Bäume-Straße-17") for form in ("NFC", "NFD"))


@pytest.mark.parametrize(("kept", "typed"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_composed_and_decomposed_letters_are_one_password(world: World, kept: str, typed: str) -> None:
    anna = world.account(two_factor=False)
    change_password(anna.id, kept, now=world.now)
    assert world.start(anna, password=typed).login.state == "approved"


def test_every_blank_is_one_blank(world: World) -> None:
    assert is_password("Vier Esel\u2009ziehen", hash_password("Vier\u00a0Esel ziehen"))
    assert not is_password("VierEselziehen", hash_password("Vier\u00a0Esel ziehen"))


@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED])
def test_another_systems_hash_of_either_spelling_opens_and_becomes_ours(world: World, typed: str) -> None:
    foreign = FOREIGN + bcrypt.hashpw(DECOMPOSED.encode(), bcrypt.gensalt(4)).decode()
    anna = world.account(two_factor=False)
    replace_hash(anna, foreign)
    assert world.start(anna, password=typed).login.state == "approved"
    assert is_password(COMPOSED, str(item_of(anna).password_hash))
    assert str(item_of(anna).password_hash).startswith("$argon2id$")


@pytest.mark.parametrize(("typed", "tried"), [("Vier-Esel-42", 1), (COMPOSED, 2), (DECOMPOSED, 2), ("Vier\u00a0Ü", 3)])
def test_how_many_spellings_are_tried_follows_from_the_typed_text_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: str, tried: int
) -> None:
    """Right, wrong and unknown: none stops at the first that fits."""
    computed: list[str] = []
    checked = hashing._is_spelling

    def counted(spelling: str, phc: str) -> bool:
        computed.append(spelling)
        return checked(spelling, phc)

    monkeypatch.setattr(hashing, "_is_spelling", counted)
    for phc in (hash_password(typed), hash_password("wrong"), decoy_hash()):
        computed.clear()
        is_password(typed, phc)
        assert len(computed) == tried
