"""The JWK set (RFC 7517 5) that verifies every id_token: the public halves of the signing keys in KMS."""

from __future__ import annotations

from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from smartident.aws import ATTEMPTS, client, error_code
from smartident.crypto.algorithms import ES256, RS256
from smartident.crypto.base64url import encode
from smartident.errors import SigningUnavailable
from smartident.settings import settings
from smartident.telemetry import log_event, log_if_denied
from smartident.tokens.id_token import key_name

MAX_AGE = 3600
"""Seconds for which anybody may keep the set; `smartident key rotate` waits for them before another key signs."""
MAX_AGE_INCOMPLETE = 60
MIN_RSA_BITS = 2048
_COORDINATE_BYTES = 32
# A KMS that answers so will answer so again; after any other fault the caller asks again and hears of every key.
_LASTING = {"AccessDeniedException", "NotFoundException", "DisabledException", "KMSInvalidStateException"}


class KeyUnreadable(SigningUnavailable):
    """A key that KMS does not give out, however often it is asked."""


def read_jwks(rsa_keys: tuple[str, ...] = ()) -> tuple[dict[str, Any], int]:
    """The set of all signing keys that KMS gives out, those for RS256 last, and its max-age.

    Raises SigningUnavailable without any.

    It does so too while KMS is busy: a set without the key that signs would make verifiers refuse good tokens.
    While keys change, the version before the present one may have lost the right to read a retired key. Its other
    keys still verify tokens, so they are published, for a short time only.
    """
    key_ids = settings().signing_keys + rsa_keys
    found, refusal = [], SigningUnavailable("no signing key")
    for key_id in key_ids:
        try:
            found.append(public_jwk(key_id, RS256 if key_id in rsa_keys else ES256, among=len(key_ids)))
        except KeyUnreadable as unreadable:
            refusal = unreadable
            log_event("signing_key_unreadable", reason=str(unreadable))
    if not found:
        raise refusal
    return {"keys": found}, MAX_AGE if len(found) == len(key_ids) else MAX_AGE_INCOMPLETE


@cache
def public_jwk(key_id: str, alg: str, *, among: int) -> dict[str, str]:
    """The public key as a JWK, asked of KMS once a container; a refusal is not kept."""
    # All keys together take no longer than one, so that the function outlives a KMS that does not answer.
    kms = client("kms", attempts=max(1, ATTEMPTS // among))
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  the client loads it anyway

    try:
        key = load_der_public_key(kms.get_public_key(KeyId=key_id)["PublicKey"])
    except (ClientError, BotoCoreError) as error:
        if key_id == settings().signing_keys[0]:
            log_if_denied(error)
        raise (KeyUnreadable if error_code(error) in _LASTING else SigningUnavailable)(
            type(error).__name__, retry_after=1
        ) from None
    members = _rsa_members(key) if alg == RS256 else _p256_members(key)
    return {"use": "sig", "kid": key_name(key_id), **members}


def _rsa_members(key: object) -> dict[str, str]:
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_RSA_BITS:
        raise KeyUnreadable("signing key is no RSA key of 2048 bits")
    numbers = key.public_numbers()
    n, e = (encode(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.n, numbers.e))
    return {"kty": "RSA", "alg": RS256, "n": n, "e": e}


def _p256_members(key: object) -> dict[str, str]:
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise KeyUnreadable("signing key is no P-256 key")
    point = key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "alg": ES256,
        "x": encode(point.x.to_bytes(_COORDINATE_BYTES, "big")),
        "y": encode(point.y.to_bytes(_COORDINATE_BYTES, "big")),
    }
