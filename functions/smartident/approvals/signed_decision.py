"""Approvals: the evidence that a person, with the phone in hand and a fingerprint on it, decided over a statement."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from smartident.crypto.base64url import decode, encode
from smartident.crypto.jwk import header_of, load_public_key, payload_of
from smartident.errors import ApprovalInvalid, InvalidRequest
from smartident.webauthn.relying_party import own_party

if TYPE_CHECKING:
    from smartident.devices.device import ApprovalKey
    from smartident.webauthn.relying_party import RelyingParty

JWS_TYPE = "smartident-approval+jws"
# What evidence may be longer than what it is about: names, header, signature, and what a browser says of the page.
MAX_OVERHEAD = 2048
MAX_TRANSFER_CODE_LENGTH = 16
# What a new phone shows: 128 bits in base64url.
MAX_PAIRING_CODE_LENGTH = 22
MAX_TIME = 2**53


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """What an approval key signs: each member of its exact type, so that nothing else is ever taken for one."""

    v: Literal[1]
    purpose: Literal["smartident-approval"]
    decision: Literal["approve"]
    statement: str
    transfer_code: Annotated[str, msgspec.Meta(max_length=MAX_PAIRING_CODE_LENGTH)]
    iat: Annotated[int, msgspec.Meta(ge=0, le=MAX_TIME)]
    # The id of the signing device itself, which leaves for the new one that it lets in.
    retire_device: str | None = None


@dataclass(frozen=True)
class Signed:
    """What the approval key signed, verified: the transfer code that was typed, and the receipt to keep."""

    transfer_code: str = field(repr=False)
    receipt: str = field(repr=False)
    # Whether the device that may retire by this decision is to.
    retires: bool = False


def verify_approval(
    evidence: dict[str, Any],
    *,
    key: ApprovalKey,
    statement: str,
    party: RelyingParty | None = None,
    max_code_length: int = MAX_TRANSFER_CODE_LENGTH,
    may_retire: str | None = None,
) -> Signed:
    """What was signed over this statement; raises ApprovalInvalid unless this key signed this approval of it.

    The receipt keeps what proves something, and nothing else of what the phone sent. With it, the device `may_retire`
    may sign that it leaves.
    """
    needed = _needed(evidence, key)
    receipt = json.dumps(needed, separators=(",", ":"))
    # Base64url in base64url: less than twice as long.
    if len(receipt) > 2 * len(statement.encode()) + 2 * len(key.credential_id or "") + MAX_OVERHEAD:
        raise ApprovalInvalid("evidence too long")
    said = _signed_decision(needed, key, party)
    if not _same(said.statement, encode(statement.encode())):
        raise ApprovalInvalid("signed over another statement")
    if not said.transfer_code.isascii() or len(said.transfer_code) > max_code_length:
        raise ApprovalInvalid("transfer code")
    if said.retire_device not in {None, may_retire}:
        raise ApprovalInvalid("signed to retire another device, or where none retires")
    return Signed(said.transfer_code, receipt, said.retire_device is not None)


def _signed_decision(needed: dict[str, Any], key: ApprovalKey, party: RelyingParty | None) -> Decision:
    if key.kind == "jwk":
        payload = _jws_payload(needed["jws"], key)
    else:
        payload = _webauthn_payload(needed, key, party or own_party())
    try:
        return msgspec.json.decode(payload, type=Decision)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ApprovalInvalid("signed for another purpose, or no decision at all") from None


def _needed(evidence: dict[str, Any], key: ApprovalKey) -> dict[str, Any]:
    """Evidence of the key's own kind, with the members that are verified; raises ApprovalInvalid for another kind."""
    kind, member = ("jws", "jws") if key.kind == "jwk" else ("webauthn", "payload")
    members = {"type", "jws"} if key.kind == "jwk" else {"type", "payload", "assertion"}
    if set(evidence) != members or evidence["type"] != kind or not isinstance(evidence[member], str):
        raise ApprovalInvalid("evidence of another kind")
    if key.kind == "jwk":
        return evidence
    return {**evidence, "assertion": _needed_assertion(evidence["assertion"], key)}


def _needed_assertion(assertion: object, key: ApprovalKey) -> dict[str, Any]:
    """What an authenticator signed and what names its key. Nobody signed the rest, which each browser adds to."""
    response = assertion.get("response") if isinstance(assertion, dict) else None
    if not isinstance(assertion, dict) or not isinstance(response, dict):
        raise ApprovalInvalid("no assertion")
    named = {name: assertion.get(name) for name in ("id", "rawId", "type")}
    if named != {"id": key.credential_id, "rawId": key.credential_id, "type": "public-key"}:
        raise ApprovalInvalid("another credential")
    signed = {name: response.get(name) for name in ("clientDataJSON", "authenticatorData", "signature")}
    try:
        for value in signed.values():
            decode(str(value), field="evidence.assertion")
    except InvalidRequest:
        raise ApprovalInvalid("assertion encoding") from None
    return {**named, "response": signed}


def _jws_payload(token: str, key: ApprovalKey) -> bytes:
    public = load_public_key(key.key)
    try:
        header = header_of(token)
        if set(header) != {"alg", "typ", "kid"} or header["typ"] != JWS_TYPE or header["kid"] != public.thumbprint():
            raise ApprovalInvalid("header")
        return payload_of(token, public)
    except ValueError as error:
        raise ApprovalInvalid(str(error)) from None


def _webauthn_payload(evidence: dict[str, Any], key: ApprovalKey, party: RelyingParty) -> bytes:
    from smartident.webauthn.ceremonies import verify_assertion  # noqa: PLC0415  the raw-key path never pays it

    payload = evidence["payload"]
    try:
        challenge = hashlib.sha256(payload.encode()).digest()
        cose_key = decode(key.key, field="approval key")
        verify_assertion(evidence["assertion"], challenge=challenge, cose_key=cose_key, party=party)
        return decode(payload, field="evidence.payload")
    except (InvalidRequest, UnicodeEncodeError):
        raise ApprovalInvalid("payload encoding") from None


def _same(left: str, right: str) -> bool:
    return left.isascii() and hmac.compare_digest(left.encode(), right.encode())
