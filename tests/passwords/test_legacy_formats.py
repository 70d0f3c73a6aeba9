"""Passwords that another system hashed: the person never notices, and the next login makes the hash ours."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import bcrypt
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2i, Argon2id

from smartident.crypto.pepper import pepper
from smartident.errors import InvalidCredentials, InvalidRequest
from smartident.passwords import legacy_formats, legacy_hashes
from smartident.passwords.hashing import FOREIGN, hash_password, is_outdated, is_password
from smartident.passwords.legacy_formats import TOO_COSTLY, UNKNOWN_FORM, check_foreign_hash, is_foreign_password
from tests.support.grants import replace_hash
from tests.support.password_guesses import item_of
from tests.support.world import PASSWORD, World

SALT = b"sixteen bytes ok"
TEXT = SALT.decode().replace(" ", "_")
WORD = PASSWORD.encode()


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def bare(data: bytes) -> str:
    return b64(data).rstrip("=")


def passlib(data: bytes) -> str:
    return bare(data).replace("+", ".")


def pbkdf2(algorithm: str, salt: bytes, rounds: int = 1000) -> bytes:
    return hashlib.pbkdf2_hmac(algorithm, WORD, salt, rounds)


def scrypt(salt: bytes, n: int = 16, r: int = 8, p: int = 2) -> bytes:
    return hashlib.scrypt(WORD, salt=salt, n=n, r=r, p=p, dklen=64)


def argon2(kdf: type[Argon2i | Argon2id]) -> str:
    return kdf(salt=SALT, length=32, iterations=1, lanes=1, memory_cost=64).derive_phc_encoded(WORD)


def bcrypted(prefix: bytes = b"2b", word: bytes = WORD) -> str:
    return bcrypt.hashpw(word, bcrypt.gensalt(4)).replace(b"$2b$", b"$" + prefix + b"$").decode()


HASHES = {
    "argon2id": argon2(Argon2id),
    "argon2i": argon2(Argon2i),
    "argon2 of Django": "argon2" + argon2(Argon2id),
    "bcrypt 2a": bcrypted(b"2a"),
    "bcrypt 2b": bcrypted(b"2b"),
    "bcrypt 2y of PHP": bcrypted(b"2y"),
    "bcrypt of Django": "bcrypt$" + bcrypted(),
    "bcrypt_sha256 of Django": "bcrypt_sha256$" + bcrypted(word=hashlib.sha256(WORD).hexdigest().encode()),
    "scrypt PHC": f"$scrypt$ln=4,r=8,p=2${bare(SALT)}${bare(scrypt(SALT))}",
    "scrypt of Django": f"scrypt$16${TEXT}$8$2${b64(scrypt(TEXT.encode()))}",
    "scrypt of Werkzeug": f"scrypt:16:8:2${TEXT}${scrypt(TEXT.encode()).hex()}",
    "pbkdf2-sha256 PHC": f"$pbkdf2-sha256$i=1000,l=32${bare(SALT)}${bare(pbkdf2('sha256', SALT))}",
    "pbkdf2-sha256 of passlib": f"$pbkdf2-sha256$1000${passlib(SALT)}${passlib(pbkdf2('sha256', SALT))}",
    "pbkdf2-sha512 of passlib": f"$pbkdf2-sha512$1000${passlib(SALT)}${passlib(pbkdf2('sha512', SALT))}",
    "pbkdf2_sha256 of Django": f"pbkdf2_sha256$1000${TEXT}${b64(pbkdf2('sha256', TEXT.encode()))}",
    "pbkdf2 of Werkzeug": f"pbkdf2:sha512:1000${TEXT}${pbkdf2('sha512', TEXT.encode()).hex()}",
}


def unkempt(crypted: str) -> str:
    """A bcrypt string whose salt has its four spare bits set, as some systems made them."""
    letters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return crypted[:28] + letters[letters.index(crypted[28]) | 0b1111] + crypted[29:]


HASHES["bcrypt with spare bits set"] = unkempt(bcrypted())


@pytest.mark.parametrize("text", HASHES.values(), ids=HASHES)
def test_a_foreign_hash_opens_to_its_own_password_only(text: str) -> None:
    check_foreign_hash(text)
    assert is_foreign_password(PASSWORD, text)
    assert not is_foreign_password(PASSWORD + "x", text)
    assert not is_foreign_password("", text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("password", "$2a$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe"),
        (
            "pleaseletmein",
            (
                "scrypt:16384:8:1$SodiumChloride$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
            ),
        ),
        (
            "Password",
            (
                "pbkdf2:sha256:80000$NaCl$4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
            ),
        ),
    ],
    ids=["bcrypt", "scrypt of RFC 7914", "PBKDF2 of RFC 7914"],
)
def test_what_others_published_opens(word: str, text: str) -> None:
    assert is_foreign_password(word, text)
    assert not is_foreign_password(word.upper(), text)


def test_bcrypt_never_looked_beyond_72_bytes() -> None:
    long = "lang " * 20
    text = bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(4)).decode()
    assert is_foreign_password(long, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PASSWORD,
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/",
        "$2x$10$" + "a" * 53,
        "$argon2d$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$" + "a" * 43,
        "$argon2id$v=16$m=64,t=1,p=1$c2FsdHNhbHQ$" + "a" * 43,
        f"$pbkdf2-sha1$1000${bare(SALT)}${bare(SALT + SALT)}",
        f"$pbkdf2-sha256$1000${bare(SALT)}${'a' * 25}",
        HASHES["bcrypt 2b"] + "\n",
        "x" * 513,
    ],
    ids=[
        "nothing", "a password", "MD5", "md5crypt", "broken bcrypt", "Argon2d", "old Argon2", "PBKDF2 with SHA-1",
        "damaged base64", "a line end", "too long",
    ],
)  # fmt: skip
def test_what_is_no_known_form_opens_to_nothing(text: str) -> None:
    with pytest.raises(InvalidRequest, match=UNKNOWN_FORM):
        check_foreign_hash(text)
    assert not is_foreign_password(PASSWORD, text)


@pytest.mark.parametrize(
    "text",
    [
        "$argon2id$v=19$m=2097152,t=1,p=1$c2FsdHNhbHQ$" + "a" * 43,
        "$argon2i$v=19$m=65536,t=5,p=1$c2FsdHNhbHQ$" + "a" * 43,
        "$argon2id$v=19$m=64,t=1,p=9$c2FsdHNhbHQ$" + "a" * 43,
        "$2b$14$" + "a" * 53,
        "$2b$31$" + "a" * 53,
        "$2b$03$" + "a" * 53,
        f"$scrypt$ln=21,r=8,p=1${bare(SALT)}${bare(SALT + SALT)}",
        f"$scrypt$ln=99,r=999,p=999${bare(SALT)}${bare(SALT + SALT)}",
        f"$scrypt$ln=0,r=8,p=1${bare(SALT)}${bare(SALT + SALT)}",
        f"$scrypt$ln=16,r=1,p=1${bare(SALT)}${bare(SALT + SALT)}",
        f"scrypt$17${TEXT}$8$1${b64(SALT)}",
        f"scrypt$16${TEXT}$0$1${b64(SALT)}",
        f"$pbkdf2-sha256$2000001${bare(SALT)}${bare(SALT + SALT)}",
        f"pbkdf2:sha512:0${TEXT}${'ab' * 32}",
    ],
)
def test_what_costs_too_much_is_never_computed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    # Nothing of them may be asked: an attribute of None is a fault.
    for module, names in ((legacy_formats, ("Argon2i", "Argon2id")), (legacy_hashes, ("bcrypt", "hashlib"))):
        for name in names:
            monkeypatch.setattr(module, name, None)
    with pytest.raises(InvalidRequest, match=TOO_COSTLY):
        check_foreign_hash(text)
    assert not is_foreign_password(PASSWORD, text)


def test_the_most_that_scrypt_takes_of_one_block_is_computed() -> None:
    text = f"$scrypt$ln=15,r=1,p=1${bare(SALT)}${bare(scrypt(SALT, n=2**15, r=1, p=1))}"
    check_foreign_hash(text)
    assert is_foreign_password(PASSWORD, text)


def test_a_hash_that_bears_its_bounds_but_is_damaged_opens_to_nothing() -> None:
    text = "$argon2id$v=19$m=1,t=1,p=8$c2FsdHNhbHQ$" + "a" * 43
    check_foreign_hash(text)
    assert not is_foreign_password(PASSWORD, text)


def test_our_own_hash_is_no_foreign_one_and_the_other_way_round(world: World) -> None:
    ours, foreign = hash_password(PASSWORD), HASHES["argon2id"]
    assert pepper()
    assert is_password(PASSWORD, ours)
    assert not is_password(PASSWORD, FOREIGN + ours)
    assert not is_password(PASSWORD, foreign)
    assert is_password(PASSWORD, FOREIGN + foreign)
    assert is_outdated(FOREIGN + foreign)


@pytest.mark.parametrize("text", [HASHES["bcrypt 2y of PHP"], HASHES["argon2i"]], ids=["bcrypt", "argon2i"])
def test_the_first_login_makes_the_hash_ours(world: World, text: str) -> None:
    jonas = world.account(two_factor=False)
    replace_hash(jonas, FOREIGN + text)

    with pytest.raises(InvalidCredentials):
        world.start(jonas, password=PASSWORD + "x")
    assert item_of(jonas).password_hash == FOREIGN + text

    assert world.start(jonas).login.state == "approved"
    renewed = str(item_of(jonas).password_hash)
    assert renewed.startswith("$argon2id$")
    assert is_password(PASSWORD, renewed)
    assert world.start(jonas).login.state == "approved"
    assert item_of(jonas).password_hash == renewed
