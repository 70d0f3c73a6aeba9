"""DPoP proofs (RFC 9449): a request is signed by the sender's key over its method, URL and time.

A phone's proof covers the body too, and names its account. A client's covers the access token that it shows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError

from smartident.crypto.base64url import encode
from smartident.crypto.jwk import PublicKey, header_of, payload_of, public_key
from smartident.errors import DeviceRevoked, InvalidRequest, ProofInvalid, ProofStale

TYPE = "dpop+jwt"
MAX_CLOCK_SKEW = 60
# Of a client, which is a program: the conformance suite sends 10 s, which must pass.
MAX_CLIENT_CLOCK_SKEW = 30
# For a name that the caller chooses: a jti, or sub and kid together.
MAX_NAME_LENGTH = 128
# Some three times what a phone needs beside the URL, which a proof has as base64url. A denial keeps its proof, and
# nobody checks what it says beside its claims.
MAX_PROOF_OVERHEAD = 2048
MAX_EVIDENCE_BODY = 256
_MEMBERS = {"typ", "alg"}
# The device key by its thumbprint, or as RFC 9449 4.2 has it, or both.
_KEY_MEMBERS = {"kid", "jwk"}


@dataclass(frozen=True)
class Request:
    """What a proof must cover: the method, the public URL without query, and the body as received."""

    method: str
    url: str
    body: bytes = field(repr=False)
    proof: str = field(repr=False)


@dataclass(frozen=True)
class Claim:
    """The device that a proof claims to come from, not verified yet."""

    account_id: str
    device_id: str


@dataclass(frozen=True)
class NewKeyProof:
    """A verified proof by a key that belongs to no account yet."""

    key: PublicKey
    thumbprint: str
    jti: str


def claim_of(request: Request) -> Claim:
    """The account (sub) and the device key (kid or jwk) that the proof names, for finding the key."""
    device_id = _device_id(_header(request))
    account_id = _claims_unverified(request).get("sub")
    if not isinstance(account_id, str) or not isinstance(device_id, str):
        raise ProofInvalid("sub or kid missing")
    if not device_id or len(account_id + device_id) > MAX_NAME_LENGTH:
        raise ProofInvalid("kid empty, or too long with sub")
    if not account_id.isascii() or not account_id.isalnum():
        # Account ids have no other characters, and a caller without a key must not choose what the service reads.
        raise ProofInvalid("sub")
    return Claim(account_id, device_id)


def verify_proof(request: Request, *, key: PublicKey, active: bool, now: int) -> None:
    """Raise ProofInvalid, ProofStale or DeviceRevoked unless the key of an active device signed this request."""
    if _device_id(_header(request)) != key.thumbprint():
        raise ProofInvalid("names another key")
    _verify_claims(_claims(request, key), request, now=now)
    if not active:
        raise DeviceRevoked


def verify_new_key(request: Request, *, now: int) -> NewKeyProof:
    """The key that a proof itself contains, verified to be the caller's (registration only)."""
    header = _header(request)
    if "jwk" not in header:
        raise ProofInvalid("no jwk")
    key, thumbprint = _own_key(header)
    claims = _claims(request, key)
    _verify_claims(claims, request, now=now)
    return NewKeyProof(key, thumbprint, claims["jti"])


def verify_client_key(request: Request, *, access_token: str | None, now: int) -> NewKeyProof:
    """The key that a client's proof contains, verified to be its own; `ath` must be of the token that it shows."""
    header = _header(request)
    if "jwk" not in header:
        raise ProofInvalid("no jwk")
    key, thumbprint = _own_key(header)
    claims = _claims(request, key)
    covered: dict[str, str | None] = {} if access_token is None else {"ath": _hash(access_token.encode())}
    _verify_covered(claims, request, covered, now=now, skew=MAX_CLIENT_CLOCK_SKEW)
    return NewKeyProof(key, thumbprint, claims["jti"])


def signed_request(request: Request) -> str:
    """A signed request, kept as it came: the proof, which covers path and body, and the body.

    Raises InvalidRequest for a body that is longer than what it says needs, as blanks make it.
    """
    if len(request.body) > MAX_EVIDENCE_BODY:
        raise InvalidRequest("body longer than its content", field="body")
    return json.dumps({"proof": request.proof, "body": encode(request.body)}, separators=(",", ":"))


def _header(request: Request) -> dict[str, Any]:
    if len(request.proof) > MAX_PROOF_OVERHEAD + 2 * len(request.url):
        raise ProofInvalid("too long")
    try:
        header = header_of(request.proof)
    except ValueError as error:
        raise ProofInvalid(str(error)) from None
    if not _MEMBERS < set(header) <= _MEMBERS | _KEY_MEMBERS or header["typ"] != TYPE:
        raise ProofInvalid("header members or typ")
    return header


def _device_id(header: dict[str, Any]) -> Any:
    """The thumbprint of the device key that a proof names, or whatever stands in its place."""
    return _own_key(header)[1] if "jwk" in header else header["kid"]


def _own_key(header: dict[str, Any]) -> tuple[PublicKey, str]:
    """The key in a proof's header, and its thumbprint."""
    try:
        key = public_key(header["jwk"], field="jwk") if isinstance(header["jwk"], dict) else None
        if key is None:
            raise ProofInvalid("jwk is no object")
        thumbprint = key.thumbprint()
    except (InvalidRequest, JoseError):
        raise ProofInvalid("jwk is no public P-256 or Ed25519 key") from None
    if header.get("kid", thumbprint) != thumbprint:
        raise ProofInvalid("kid and jwk are two keys")
    return key, thumbprint


def _claims(request: Request, key: PublicKey) -> dict[str, Any]:
    try:
        claims = json.loads(payload_of(request.proof, key))
    except (ValueError, RecursionError) as error:
        raise ProofInvalid(str(error)) from None
    if not isinstance(claims, dict):
        raise ProofInvalid("claims are no object")
    return claims


def _claims_unverified(request: Request) -> dict[str, Any]:
    try:
        return header_of(".".join((request.proof.split(".")[1], "", "")))
    except ValueError as error:
        raise ProofInvalid(str(error)) from None


def _hash(covered: bytes) -> str:
    return encode(hashlib.sha256(covered).digest())


def _verify_claims(claims: dict[str, Any], request: Request, *, now: int) -> None:
    body = {"body_sha256": _hash(request.body) if request.body else None}
    _verify_covered(claims, request, body, now=now, skew=MAX_CLOCK_SKEW)


def _verify_covered(
    claims: dict[str, Any], request: Request, covered: dict[str, str | None], *, now: int, skew: int
) -> None:
    jti, issued = claims.get("jti"), claims.get("iat")
    # JSON can spell a lone surrogate, which has no UTF-8 to hash.
    if not isinstance(jti, str) or not 0 < len(jti) <= MAX_NAME_LENGTH or not jti.isprintable():
        raise ProofInvalid("jti")
    if claims.get("htm") != request.method or claims.get("htu") != request.url:
        raise ProofInvalid("made for another request")
    if any(claims.get(name) != value for name, value in covered.items()):
        raise ProofInvalid("made for another body or access token")
    if not isinstance(issued, (int, float)) or isinstance(issued, bool):
        raise ProofInvalid("iat")
    if not abs(now - issued) <= skew:
        raise ProofStale(server_time=now)
