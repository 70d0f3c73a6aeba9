"""A world in which nothing is left to chance: keys, random bytes, signatures and the clock are always the same."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from smartident.crypto.base64url import encode
from smartident_client.keys import Curve, Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from tests.support.world import World

# Other than where other tests begin, so that nothing of theirs is laid down here.
NOW = 1_800_000_900
_BETWEEN = {"secrets", "smartident.crypto.random", __name__}


class FixedKey(Key):
    """A key whose signature over the same bytes is the same each time (RFC 6979); a phone's need not be."""

    def sign_as_made(self, message: bytes) -> bytes:
        """Sign without chance."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(message)
        return self.private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def fixed_key(name: str, curve: Curve = "P-256") -> FixedKey:
    """The key of this name: everybody knows it, so it guards nothing."""
    secret = hashlib.sha256(f"smartident test vector key: {name}".encode()).digest()
    if curve == "Ed25519":
        return FixedKey(ed25519.Ed25519PrivateKey.from_private_bytes(secret))
    return FixedKey(ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()))


@dataclass
class Fixed:
    """What stands in for chance: bytes by who asks and how often, so that code elsewhere changes nothing here."""

    asked: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(itertools.count))

    def token_bytes(self, count: int = 32) -> bytes:
        """Bytes for whoever calls."""
        who = _caller()
        return hashlib.shake_256(f"{who}:{next(self.asked[who])}".encode()).digest(count)

    def token_hex(self, count: int = 32) -> str:
        """The same in digits."""
        return self.token_bytes(count).hex()

    def token_urlsafe(self, count: int = 32) -> str:
        """The same in base64url."""
        return encode(self.token_bytes(count))

    def randbelow(self, limit: int) -> int:
        """A number below the limit."""
        return int.from_bytes(self.token_bytes(16)) % limit

    def key(self, curve: Curve = "P-256") -> FixedKey:
        """A key where somebody makes one."""
        return fixed_key(f"made {next(self.asked['key'])}", curve)


def _caller() -> str:
    frame = sys._getframe(1)
    while frame.f_globals["__name__"] in _BETWEEN and frame.f_back:
        frame = frame.f_back
    return f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"


def leave_nothing_to_chance(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the world is the same in every run."""
    fixed = Fixed()
    for name in ("token_bytes", "token_hex", "token_urlsafe", "randbelow"):
        monkeypatch.setattr(secrets, name, getattr(fixed, name))
    monkeypatch.setattr(Key, "make", fixed.key)
    world.now = NOW
    world.stop_the_clock()
