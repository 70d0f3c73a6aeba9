"""Foreign hashes: the functions that other systems hash passwords with, each with a bound on what its check may cost.

The bounds keep every check below the time at which failed logins are answered, and are asked before anything is
computed.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import bcrypt
from cryptography.exceptions import InvalidKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.kdf.argon2 import Argon2i, Argon2id

MOST_ARGON2_KIB_PASSES = 262_144
MOST_ARGON2_LANES = 8
BCRYPT_COSTS = range(4, 14)
MAX_SCRYPT_BLOCKS = 2**20
MOST_PBKDF2_ROUNDS = {"sha256": 2_000_000, "sha512": 1_000_000}
# No implementation of bcrypt reads more of a password.
BCRYPT_BYTES = 72


class ForeignHash(Protocol):
    """One hash, understood: whether its check is bearable, and the check."""

    @property
    def bearable(self) -> bool:
        """Whether a login may be made to wait for it."""

    def opens(self, password: bytes) -> bool:
        """Whether this is the password."""


@dataclass(frozen=True)
class Argon2Hash:
    """A PHC string of Argon2i or Argon2id (RFC 9106), made without a secret."""

    kdf: type[Argon2i | Argon2id]
    phc: str
    cost: tuple[int, int, int]

    @property
    def bearable(self) -> bool:
        """Whether a login may be made to wait for it."""
        memory, passes, lanes = self.cost
        return memory * passes <= MOST_ARGON2_KIB_PASSES and lanes <= MOST_ARGON2_LANES

    def opens(self, password: bytes) -> bool:
        """Whether this is the password."""
        try:
            self.kdf.verify_phc_encoded(password, self.phc)
        except (InvalidKey, ValueError):
            return False
        return True


@dataclass(frozen=True)
class BcryptHash:
    """A bcrypt string; `prepared` is what was done to the password before."""

    crypted: str
    cost: int
    prepared: Callable[[bytes], bytes]

    @property
    def bearable(self) -> bool:
        """Whether a login may be made to wait for it."""
        return self.cost in BCRYPT_COSTS

    def opens(self, password: bytes) -> bool:
        """Whether this is the password."""
        return bcrypt.checkpw(self.prepared(password), self.crypted.encode())


@dataclass(frozen=True)
class ScryptHash:
    """scrypt (RFC 7914) with its cost."""

    cost: tuple[int, int, int]
    salt: bytes
    digest: bytes

    @property
    def bearable(self) -> bool:
        """Whether a login may be made to wait for it; a cost that scrypt does not know is not."""
        n, r, p = self.cost
        # RFC 7914 section 2: n is a power of two below 2^(128 r / 8).
        return n > 1 and n & (n - 1) == 0 and 0 < n * r * p <= MAX_SCRYPT_BLOCKS and n < 2 ** (16 * r)

    def opens(self, password: bytes) -> bool:
        """Whether this is the password."""
        n, r, p = self.cost
        memory = 128 * r * (n + p + 2)
        made = hashlib.scrypt(password, salt=self.salt, n=n, r=r, p=p, maxmem=memory, dklen=len(self.digest))
        return hmac.compare_digest(made, self.digest)


@dataclass(frozen=True)
class Pbkdf2Hash:
    """PBKDF2-HMAC (RFC 8018) with SHA-256 or SHA-512."""

    algorithm: str
    rounds: int
    salt: bytes
    digest: bytes

    @property
    def bearable(self) -> bool:
        """Whether a login may be made to wait for it."""
        return 0 < self.rounds <= MOST_PBKDF2_ROUNDS[self.algorithm]

    def opens(self, password: bytes) -> bool:
        """Whether this is the password."""
        made = hashlib.pbkdf2_hmac(self.algorithm, password, self.salt, self.rounds, len(self.digest))
        return hmac.compare_digest(made, self.digest)


def as_it_is(password: bytes) -> bytes:
    """As much of the password as bcrypt looks at."""
    return password[:BCRYPT_BYTES]


def as_hex_of_sha256(password: bytes) -> bytes:
    """The password shortened, so that bcrypt looks at all of it (Django's bcrypt_sha256)."""
    return hashlib.sha256(password).hexdigest().encode()
