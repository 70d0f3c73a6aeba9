"""Approvals: the evidence that a person, with the phone in hand and a fingerprint on it, decided over a statement."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from smartident.crypto.base64url import decode, encode
from smartident.crypto.jwk import dump_public_key, header_of, is_signature, load_public_key, payload_of, public_key
from smartident.devices.device import ApprovalKey
from smartident.errors import ApprovalInvalid, InvalidRequest
from smartident.settings import settings

JWS_TYPE = "smartident-approval+jws"
KEY_PURPOSE = "smartident-approval-key:v1"


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """What an approval key signs: each member of its exact type, so that nothing else is ever taken for one."""

    v: Literal[1]
    purpose: Literal["smartident-approval"]
    decision: Literal["approve"]
    statement: str
    transfer_code: str
    iat: int


@dataclass(frozen=True)
class Signed:
    """What the approval key signed, verified: the transfer code that was typed, and the receipt to keep."""

    transfer_code: str = field(repr=False)
    receipt: str = field(repr=False)


@dataclass(frozen=True)
class RelyingParty:
    """The domain that passkeys belong to, and the pages that they may be used on."""

    id: str
    origins: tuple[str, ...]


def own_party() -> RelyingParty:
    """The relying party that this deployment is."""
    return RelyingParty(settings().webauthn_rp_id, settings().webauthn_origins)


def verify_approval(
    evidence: dict[str, Any], *, key: ApprovalKey, statement: str, party: RelyingParty | None = None
) -> Signed:
    """What was signed over this statement; raises ApprovalInvalid unless this key signed this approval of it."""
    if key.kind == "jwk":
        payload = _jws_payload(evidence, key)
    else:
        payload = _webauthn_payload(evidence, key, party or own_party())
    try:
        said = msgspec.json.decode(payload, type=Decision)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ApprovalInvalid("signed for another purpose, or no decision at all") from None
    if not _same(said.statement, encode(statement.encode())):
        raise ApprovalInvalid("signed over another statement")
    if not said.transfer_code.isascii():
        raise ApprovalInvalid("transfer code")
    return Signed(said.transfer_code, json.dumps(evidence, separators=(",", ":")))


def verify_jwk_key(
    jwk: dict[str, Any], signature: str, *, registration_id: str, challenge: str, thumbprint: str
) -> ApprovalKey:
    """A raw approval key, proven to be in the phone's hands for this registration and this device key."""
    key = public_key(jwk, field="approval_key.jwk")
    if key.thumbprint() == thumbprint:
        # It signs every request without a fingerprint, so it proves none.
        raise ApprovalInvalid("the device key as approval key")
    message = f"{KEY_PURPOSE}:{registration_id}:{challenge}:{thumbprint}".encode()
    if not is_signature(decode(signature, field="approval_key.signature"), message, key):
        raise ApprovalInvalid("approval key did not sign the challenge")
    return ApprovalKey("jwk", dump_public_key(key))


def verify_webauthn_key(credential: dict[str, Any], *, challenge: str) -> ApprovalKey:
    """A WebAuthn credential, made with user verification for this challenge (WebAuthn level 3, 7.1)."""
    from webauthn import verify_registration_response  # noqa: PLC0415  the raw-key path never pays this import
    from webauthn.helpers.cose import COSEAlgorithmIdentifier  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    from smartident.webauthn.checks import check_credential, check_page  # noqa: PLC0415

    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=decode(challenge, field="challenge"),
            expected_rp_id=settings().webauthn_rp_id,
            expected_origin=list(settings().webauthn_origins),
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA],
        )
        check_page(credential)
        check_credential(verified.credential_id, verified.credential_public_key)
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        # AttributeError: the library takes for text whatever stands where an attestation has text.
        raise ApprovalInvalid(type(error).__name__) from None
    return ApprovalKey("webauthn", encode(verified.credential_public_key), encode(verified.credential_id))


def _jws_payload(evidence: dict[str, Any], key: ApprovalKey) -> bytes:
    token = evidence.get("jws")
    if set(evidence) != {"type", "jws"} or evidence["type"] != "jws" or not isinstance(token, str):
        raise ApprovalInvalid("evidence of another kind")
    public = load_public_key(key.key)
    try:
        header = header_of(token)
        if set(header) != {"alg", "typ", "kid"} or header["typ"] != JWS_TYPE or header["kid"] != public.thumbprint():
            raise ApprovalInvalid("header")
        return payload_of(token, public)
    except ValueError as error:
        raise ApprovalInvalid(str(error)) from None


def _webauthn_payload(evidence: dict[str, Any], key: ApprovalKey, party: RelyingParty) -> bytes:
    from webauthn import verify_authentication_response  # noqa: PLC0415  see verify_webauthn_key
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    from smartident.webauthn.checks import check_page  # noqa: PLC0415

    payload, assertion = evidence.get("payload"), evidence.get("assertion")
    if set(evidence) != {"type", "payload", "assertion"} or evidence["type"] != "webauthn":
        raise ApprovalInvalid("evidence of another kind")
    if not isinstance(payload, str) or not isinstance(assertion, dict) or assertion.get("id") != key.credential_id:
        raise ApprovalInvalid("another credential")
    try:
        verify_authentication_response(
            credential=assertion,
            expected_challenge=hashlib.sha256(payload.encode()).digest(),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=decode(key.key, field="approval key"),
            # The counter of a synced passkey stays 0; a falling one would only be a hint (WebAuthn level 3, 6.1.1).
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        check_page(assertion)
        return decode(payload, field="evidence.payload")
    except InvalidRequest:
        raise ApprovalInvalid("payload encoding") from None
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise ApprovalInvalid(type(error).__name__) from None


def _same(left: str, right: str) -> bool:
    return left.isascii() and hmac.compare_digest(left.encode(), right.encode())
