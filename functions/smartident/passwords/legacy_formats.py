"""Foreign passwords: hashes that other systems stored, checked as they are until the next login renews them.

Read are PHC and modular crypt strings, Django's (`algorithm$...`) and Werkzeug's (`algorithm:...`).
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BinasciiError
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.kdf.argon2 import Argon2i, Argon2id

from smartident.errors import InvalidRequest
from smartident.passwords.legacy_hashes import (
    Argon2Hash,
    BcryptHash,
    ForeignHash,
    Pbkdf2Hash,
    ScryptHash,
    as_hex_of_sha256,
    as_it_is,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parts = Mapping[str, str]

UNKNOWN_FORM, TOO_COSTLY = "unknown_form", "too_costly"
LONGEST = 512
_BCRYPT_LETTERS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BCRYPT_SALT_END = 28


def check_foreign_hash(text: str) -> None:
    """Raise InvalidRequest, its message UNKNOWN_FORM or TOO_COSTLY, unless a login can check this hash."""
    found = _understood(text)
    if found is None:
        raise InvalidRequest(UNKNOWN_FORM, field="password_hash")
    if not found.bearable:
        raise InvalidRequest(TOO_COSTLY, field="password_hash")


def is_foreign_password(password: str, text: str) -> bool:
    """Whether the password is the one that the foreign hash was made of."""
    found = _understood(text)
    return found is not None and found.bearable and found.opens(password.encode())


def _argon2(parts: Parts) -> ForeignHash:
    kdf: type[Argon2i | Argon2id] = Argon2id if parts["kind"] == "id" else Argon2i
    return Argon2Hash(kdf, parts["phc"], (int(parts["m"]), int(parts["t"]), int(parts["p"])))


def _bcrypt(parts: Parts) -> ForeignHash:
    # Some systems leave the four bits that a salt's last letter has to spare as they come; they were never looked at.
    crypted, last = parts["crypted"], _BCRYPT_LETTERS.index(parts["crypted"][_BCRYPT_SALT_END])
    crypted = crypted[:_BCRYPT_SALT_END] + _BCRYPT_LETTERS[last & 0b110000] + crypted[_BCRYPT_SALT_END + 1 :]
    return BcryptHash(crypted, int(parts["cost"]), as_hex_of_sha256 if parts["sha256"] else as_it_is)


def _scrypt(parts: Parts) -> ForeignHash:
    n = 2 ** int(parts["ln"]) if "ln" in parts else int(parts["n"])
    return ScryptHash((n, int(parts["r"]), int(parts["p"])), _salt(parts), _digest(parts))


def _pbkdf2(parts: Parts) -> ForeignHash:
    return Pbkdf2Hash("sha" + parts["sha"], int(parts["rounds"]), _salt(parts), _digest(parts))


def _salt(parts: Parts) -> bytes:
    """Base64 in PHC strings; elsewhere the characters themselves."""
    return _bytes(parts["salt"]) if "salt" in parts else parts["text"].encode()


def _digest(parts: Parts) -> bytes:
    return bytes.fromhex(parts["hex"]) if "hex" in parts else _bytes(parts["digest"])


def _bytes(text: str) -> bytes:
    """Base64 with or without its padding, and passlib's with a dot for the plus."""
    plain = text.rstrip("=").replace(".", "+")
    return b64decode(plain + "=" * (-len(plain) % 4), validate=True)


_SALT, _TEXT = r"\$(?P<salt>[A-Za-z0-9+/.]{1,172}={0,2})", r"\$(?P<text>[^$]{1,128})"
_DIGEST, _HEX = r"\$(?P<digest>[A-Za-z0-9+/.]{22,172}={0,2})", r"\$(?P<hex>(?:[0-9a-f]{2}){16,128})"
_N, _R, _P = r"(?P<n>\d{1,7})", r"(?P<r>\d{1,3})", r"(?P<p>\d{1,3})"
_SHA, _ROUNDS = r"sha(?P<sha>256|512)", r"(?P<rounds>\d{1,7})"
_ARGON2_COST = r"m=(?P<m>\d{1,7}),t=(?P<t>\d{1,3}),p=(?P<p>\d{1,2})"
_FORMS: tuple[tuple[str, Callable[[Parts], ForeignHash]], ...] = (
    (rf"(?:argon2)?(?P<phc>\$argon2(?P<kind>id?)\$v=19\${_ARGON2_COST}(?:\$[A-Za-z0-9+/]{{8,172}}){{2}})", _argon2),
    (r"(?:bcrypt(?P<sha256>_sha256)?\$)?(?P<crypted>\$2[aby]\$(?P<cost>\d\d)\$[./A-Za-z0-9]{53})", _bcrypt),
    (rf"\$scrypt\$ln=(?P<ln>\d{{1,2}}),r={_R},p={_P}{_SALT}{_DIGEST}", _scrypt),
    (rf"scrypt\${_N}{_TEXT}\${_R}\${_P}{_DIGEST}", _scrypt),
    (rf"scrypt:{_N}:{_R}:{_P}{_TEXT}{_HEX}", _scrypt),
    (rf"\$pbkdf2-{_SHA}\$(?:i=)?{_ROUNDS}(?:,l=\d{{1,3}})?{_SALT}{_DIGEST}", _pbkdf2),
    (rf"pbkdf2_{_SHA}\${_ROUNDS}{_TEXT}{_DIGEST}", _pbkdf2),
    (rf"pbkdf2:{_SHA}:{_ROUNDS}{_TEXT}{_HEX}", _pbkdf2),
)


def _understood(text: str) -> ForeignHash | None:
    """The hash that a text stands for; none for a form that is not known."""
    if len(text) > LONGEST:
        return None
    for pattern, read in _FORMS:
        found = re.fullmatch(pattern, text, re.ASCII)
        if found:
            try:
                return read({**found.groupdict()})
            except BinasciiError:
                return None
    return None
