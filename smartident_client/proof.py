"""What the device key signs: one DPoP proof (RFC 9449) for every request, over its method, URL, time and body."""

import hashlib
import json
import secrets
from collections.abc import Mapping

from smartident_client import base64url
from smartident_client.keys import Key

JTI_BYTES = 16


def compact_jws(header: Mapping[str, object], payload: bytes, key: Key) -> str:
    """Sign exactly these payload bytes as a compact JWS; `alg` is the key's own."""
    protected = json.dumps({"alg": key.algorithm, **header}, separators=(",", ":")).encode()
    signing_input = f"{base64url.encode(protected)}.{base64url.encode(payload)}"
    return f"{signing_input}.{base64url.encode(key.sign(signing_input.encode('ascii')))}"


def device_proof(
    key: Key, *, method: str, url: str, now: int, body: bytes | None = None, account_id: str | None = None
) -> str:
    """Make the `DPoP` header of one request; without an account (at registration) it carries the key itself."""
    header: dict[str, object] = {"typ": "dpop+jwt"}
    claims: dict[str, object] = {"htm": method, "htu": url, "iat": now, "jti": secrets.token_urlsafe(JTI_BYTES)}
    if account_id is None:
        header["jwk"] = key.public_jwk()
    else:
        header["kid"] = key.thumbprint
        claims["sub"] = account_id
    if body is not None:
        claims["body_sha256"] = base64url.encode(hashlib.sha256(body).digest())
    return compact_jws(header, json.dumps(claims, separators=(",", ":")).encode(), key)
