"""The phone's keys: P-256, or Ed25519 where it exists.

A real phone makes them in its Secure Enclave or Keystore and cannot read them; this one can, so it guards a file.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from smartident_client import base64url

Curve = Literal["P-256", "Ed25519"]
Jwk = dict[str, str]

COORDINATE_BYTES = 32
"""Coordinates keep their leading zeros: one byte short, and the thumbprint is another key's."""


@dataclass(frozen=True)
class Key:
    """A private signing key. It signs; what leaves it is the public half only, except to the phone's own file."""

    private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

    @classmethod
    def make(cls, curve: Curve = "P-256") -> Self:
        """Make a new key."""
        if curve == "Ed25519":
            return cls(ed25519.Ed25519PrivateKey.generate())
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_jwk(cls, jwk: Jwk) -> Self:
        """Take up a key that `private_jwk` wrote down."""
        secret = base64url.decode(jwk["d"])
        if jwk["crv"] == "Ed25519":
            return cls(ed25519.Ed25519PrivateKey.from_private_bytes(secret))
        return cls(ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()))

    @property
    def algorithm(self) -> str:
        """The `alg` of a JWS made with this key."""
        return "ES256" if isinstance(self.private, ec.EllipticCurvePrivateKey) else "EdDSA"

    def public_jwk(self) -> Jwk:
        """Tell the public half, exactly the members that an RFC 7638 thumbprint covers."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            x = self.private.public_key().public_bytes_raw()
            return {"crv": "Ed25519", "kty": "OKP", "x": base64url.encode(x)}
        point = self.private.public_key().public_numbers()
        return {"crv": "P-256", "kty": "EC", "x": _coordinate(point.x), "y": _coordinate(point.y)}

    def private_jwk(self) -> Jwk:
        """Write the whole key down, for the phone's own file."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return {**self.public_jwk(), "d": base64url.encode(self.private.private_bytes_raw())}
        return {**self.public_jwk(), "d": _coordinate(self.private.private_numbers().private_value)}

    @property
    def thumbprint(self) -> str:
        """The key's name: the RFC 7638 thumbprint. A device key's is the device_id."""
        canonical = json.dumps(self.public_jwk(), sort_keys=True, separators=(",", ":"))
        return base64url.encode(hashlib.sha256(canonical.encode()).digest())

    def sign(self, message: bytes) -> bytes:
        """Sign as JWS wants it: raw r||s for P-256."""
        signature = self.sign_as_made(message)
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return signature
        r, s = decode_dss_signature(signature)
        return r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)

    def sign_as_made(self, message: bytes) -> bytes:
        """Sign as the hardware emits it and WebAuthn wants it: DER for P-256."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(message)
        return self.private.sign(message, ec.ECDSA(hashes.SHA256()))


def _coordinate(number: int) -> str:
    return base64url.encode(number.to_bytes(COORDINATE_BYTES))
