"""The id_token (OpenID Connect Core 2): ES256 or RS256 by a KMS key that never leaves KMS."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from smartident.aws import client
from smartident.crypto.algorithms import ES256, RS256
from smartident.crypto.base64url import encode
from smartident.crypto.random import digest
from smartident.errors import SigningUnavailable
from smartident.settings import rsa_settings, settings
from smartident.telemetry import log_if_denied

LIFETIME = 300
TWO_FACTORS = "urn:smartident:acr:approved-by-phone"
PASSKEY = "urn:smartident:acr:phishing-resistant"
ONE_FACTOR = "urn:smartident:acr:password"
KMS_ALGORITHMS = {ES256: "ECDSA_SHA_256", RS256: "RSASSA_PKCS1_V1_5_SHA_256"}
_COORDINATE_BYTES = 32


def key_name(key_id: str) -> str:
    """The `kid` of a KMS key: its id without account and region."""
    return key_id.rpartition("/")[2]


def claims_of(
    *,
    issuer: str,
    account_id: str,
    login_id: str,
    client_id: str,
    sid: str | None = None,
    nonce: str | None = None,
    external_id: str | None = None,
    amr: tuple[str, ...],
    decided_at: int,
    now: int,
) -> dict[str, Any]:
    """The claims of a session. The same login and completion time always give the same claims."""
    claims = {
        "iss": issuer,
        "sub": account_id,
        "aud": client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "auth_time": decided_at,
        "jti": digest("smartident-session:v1:" + login_id),
        "amr": list(amr),
        "acr": acr_of(amr),
        "sid": sid or login_id,
    }
    where_known = {"nonce": nonce, "external_id": external_id}
    return {**claims, **{name: value for name, value in where_known.items() if value is not None}}


def acr_of(amr: tuple[str, ...]) -> str:
    """The class of an authentication by its methods: a passkey signs for its page alone, a phone for any.

    Of a client that checks passwords itself (CIBA), a phone's approval is all that we saw, and all that is said.
    """
    if "mfa" not in amr:
        return ONE_FACTOR
    return TWO_FACTORS if "pop" in amr else PASSKEY


def sign(claims: dict[str, Any], *, alg: str = ES256, typ: str = "JWT") -> str:
    """The compact JWS of the claims; raises SigningUnavailable without a key, or if KMS refuses or does not answer."""
    key_ids = settings().signing_keys if alg == ES256 else rsa_settings().rsa_signing_keys
    if not key_ids:
        raise SigningUnavailable("the stack has no RSA key", retry_after=60)
    key_id = key_ids[0]
    header = {"alg": alg, "typ": typ, "kid": key_name(key_id)}
    message = ".".join(encode(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    kms = client("kms")
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  the client loads it anyway

    try:
        by = KMS_ALGORITHMS[alg]
        answer = kms.sign(KeyId=key_id, Message=message.encode(), MessageType="RAW", SigningAlgorithm=by)
    except (ClientError, BotoCoreError) as error:
        log_if_denied(error)
        raise SigningUnavailable(type(error).__name__, retry_after=1) from None
    return f"{message}.{encode(_raw(answer['Signature']) if alg == ES256 else answer['Signature'])}"


def _raw(signature: bytes) -> bytes:
    """JWS needs raw r and s (RFC 7518 3.4), KMS returns DER."""
    return b"".join(number.to_bytes(_COORDINATE_BYTES, "big") for number in decode_dss_signature(signature))
