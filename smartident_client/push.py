"""A browser's subscription to Web Push, as a program: its keys, and what it reads of a push message (RFC 8291)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from smartident_client import base64url

SALT_BYTES, AUTH_BYTES, COORDINATE_BYTES = 16, 16, 32


@dataclass(frozen=True)
class PushSubscription:
    """Where a push service takes messages for one browser, and the keys that encrypt them for it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    auth: bytes = field(repr=False)

    @classmethod
    def make(cls, endpoint: str) -> Self:
        """Subscribe at an endpoint, with new keys."""
        return cls(endpoint, ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(AUTH_BYTES))

    @property
    def p256dh(self) -> bytes:
        """The public key that messages are encrypted for."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def ask(self, application_server_key: str) -> dict[str, object]:
        """What the service wants to know of it."""
        return {
            "type": "web_push",
            "endpoint": self.endpoint,
            "keys": {"p256dh": base64url.encode(self.p256dh), "auth": base64url.encode(self.auth)},
            "application_server_key": application_server_key,
        }

    def read(self, body: bytes) -> dict[str, Any]:
        """The message in the body of a push request; raises if it is for somebody else."""
        salt, rest = body[:SALT_BYTES], body[SALT_BYTES + 4 :]
        point, record = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        info = b"WebPush: info\0" + self.p256dh + point
        secret = _hkdf(self.auth, self.key.exchange(ec.ECDH(), theirs), info, 32)
        content_key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(content_key).decrypt(nonce, record, None).rstrip(b"\0")
        message: dict[str, Any] = json.loads(padded.removesuffix(b"\x02"))
        return message


def vapid_claims(headers: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """The claims of a push request's VAPID token and the key that signed them (RFC 8292); raises if it did not."""
    scheme, _, given = headers["Authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in given.split(","))
    head, claims, signature = parts["t"].split(".")
    if scheme != "vapid" or json.loads(base64url.decode(head))["alg"] != "ES256":
        raise ValueError("no VAPID token")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64url.decode(parts["k"]))
    raw = base64url.decode(signature)
    pair = (int.from_bytes(raw[:COORDINATE_BYTES]), int.from_bytes(raw[COORDINATE_BYTES:]))
    key.verify(encode_dss_signature(*pair), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    return json.loads(base64url.decode(claims)), parts["k"]


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
