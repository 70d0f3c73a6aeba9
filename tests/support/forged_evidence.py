"""Forgeries: device proofs and approvals as an attacker, or a broken app, would make them."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from smartident.crypto.dpop import Request
from smartident_client import base64url
from smartident_client.approval_keys import RawApprovalKey, decision_payload
from tests.support.world import URL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident_client.keys import Key
    from tests.support.world import Phone

MISSING: Any = ...
"""The value of a member that is left out."""


def changed(members: Mapping[str, Any], changes: Mapping[str, Any] | None) -> dict[str, Any]:
    """The members with some of them other, more, or missing."""
    return {name: value for name, value in {**members, **(changes or {})}.items() if value is not MISSING}


def jws(key: Key, header: object, payload: object) -> str:
    """A compact JWS that says whatever it wants; `none` bears no signature, `HS256` one made of the public key."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    text = ".".join(base64url.encode(part) for part in parts)
    algorithm = header.get("alg") if isinstance(header, dict) else None
    if algorithm == "none":
        signature = b""
    elif algorithm == "HS256":
        secret = json.dumps(key.public_jwk(), sort_keys=True, separators=(",", ":")).encode()
        signature = hmac.digest(secret, text.encode(), hashlib.sha256)
    else:
        signature = key.sign(text.encode())
    return f"{text}.{base64url.encode(signature)}"


def proof(
    phone: Phone,
    *,
    now: int,
    method: str = "GET",
    path: str = "/v1/approvals",
    body: bytes = b"",
    key: Key | None = None,
    header: Mapping[str, Any] | None = None,
    claims: Mapping[str, Any] | None = None,
) -> Request:
    """A request whose proof was made with other members, or by another key, but is well signed."""
    new = not phone.account_id
    told: dict[str, Any] = {"typ": "dpop+jwt", "alg": phone.key.algorithm}
    told |= {"jwk": phone.key.public_jwk()} if new else {"kid": phone.key.thumbprint}
    said: dict[str, Any] = {"htm": method, "htu": URL + path, "iat": now, "jti": "a jti"}
    said |= {} if new else {"sub": phone.account_id}
    if body:
        said["body_sha256"] = base64url.encode(hashlib.sha256(body).digest())
    return Request(method, URL + path, body, jws(key or phone.key, changed(told, header), changed(said, claims)))


def decision(
    statement: str, transfer_code: str, *, now: int, changes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What an approval says, with some of it other."""
    said = json.loads(decision_payload(statement=statement, transfer_code=transfer_code, now=now))
    return changed(said, changes)


def evidence(
    phone: Phone, payload: object, *, key: Key | None = None, header: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Evidence over any payload, of the phone's own kind; `key` and `header` change a raw key's JWS."""
    said = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    if not isinstance(phone.approval, RawApprovalKey):
        return phone.approval.evidence(said)
    own = phone.approval.key
    told = {"alg": own.algorithm, "typ": "smartident-approval+jws", "kid": own.thumbprint}
    return {"type": "jws", "jws": jws(key or own, changed(told, header), said)}


def signed_members(evidence: dict[str, Any]) -> dict[str, Any]:
    """What of evidence somebody signed, or what names the key: the rest is not kept."""
    if evidence["type"] == "jws":
        return evidence
    assertion = {name: evidence["assertion"][name] for name in ("id", "rawId", "type", "response")}
    return {**evidence, "assertion": assertion}
