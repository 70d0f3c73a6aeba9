"""A message that only the subscribed browser reads: RFC 8291, in the content coding aes128gcm (RFC 8188)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from smartident.crypto.random import random_bytes

SALT_BYTES, KEY_BYTES, NONCE_BYTES, SECRET_BYTES, POINT_BYTES = 16, 16, 12, 32, 65
# What every push service takes (RFC 8030, 7.2), and the size of the one record.
RECORD_SIZE = 4096
# The one record is the last one (RFC 8188, 2).
_DELIMITER = b"\x02"


def encrypt(
    message: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    length: int = 0,
    key: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message, padded to `length` so that its size says nothing; key and salt are new each time."""
    own = key or generate_private_key(SECP256R1())
    salt = salt or random_bytes(SALT_BYTES)
    public = uncompressed(own.public_key())
    shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), p256dh))
    secret = _hkdf(auth, shared, b"WebPush: info\0" + p256dh + public, SECRET_BYTES)
    content_key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", KEY_BYTES)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", NONCE_BYTES)
    record = (message + _DELIMITER).ljust(length, b"\0")
    header = salt + RECORD_SIZE.to_bytes(4) + bytes([len(public)]) + public
    return header + AESGCM(content_key).encrypt(nonce, record, None)


def uncompressed(key: EllipticCurvePublicKey) -> bytes:
    """A point as browsers write it: 65 bytes (X9.62)."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_point(encoded: bytes) -> bool:
    """Whether this is an uncompressed point of P-256 (X9.62)."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), encoded)
    except ValueError:
        return False
    return len(encoded) == POINT_BYTES


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
