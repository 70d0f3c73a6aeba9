"""VAPID (RFC 8292): how the service says to a push service who sends, and the key that browsers subscribe to.

CloudFormation makes the secret, and the key pair follows from it: nobody ever handles a key file.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from smartident.aws import client
from smartident.crypto.base64url import encode
from smartident.push.encryption import uncompressed
from smartident.settings import PushSettings, settings, settings_of

# Push services take a token for a day at most; a container uses it for half of that.
LIFETIME, USED_SECONDS = 12 * 3600, 6 * 3600
# The order of P-256 (SEC 2, 2.4.2).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_COORDINATE_BYTES = 32


@cache
def signing_key() -> EllipticCurvePrivateKey:
    """The service's key, out of the stack's secret as FIPS 186-5 (A.2.1) has it: 64 bytes, reduced."""
    answer = client("secretsmanager").get_secret_value(SecretId=settings_of(PushSettings).push_secret_arn)
    seed = hashlib.sha512(b"smartident:vapid:v1\x1f" + str(answer["SecretString"]).encode()).digest()
    return derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, SECP256R1())


def application_server_key() -> str:
    """The public key that a browser subscribes to."""
    return encode(uncompressed(signing_key().public_key()))


def authorization(origin: str, *, now: int) -> str:
    """The Authorization header for a push service: the same for its origin for hours."""
    return _authorization(origin, now - now % USED_SECONDS)


@cache
def _authorization(origin: str, begun: int) -> str:
    claims: dict[str, object] = {"aud": origin, "exp": begun + LIFETIME}
    # Apple's push service wants to know whom to ask.
    if settings().api_url:
        claims["sub"] = settings().api_url
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"typ": "JWT", "alg": "ES256"}, claims)]
    message = ".".join(map(encode, parts))
    pair = decode_dss_signature(signing_key().sign(message.encode(), ECDSA(SHA256())))
    signature = encode(b"".join(number.to_bytes(_COORDINATE_BYTES) for number in pair))
    return f"vapid t={message}.{signature}, k={application_server_key()}"
