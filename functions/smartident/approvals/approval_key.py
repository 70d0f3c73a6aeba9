"""What an approval key may be. One function decides for both forms, a raw key (JWK) and a passkey (COSE)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.crypto.base64url import decode, encode
from smartident.crypto.jwk import dump_public_key, is_signature, public_key
from smartident.devices.device import ApprovalKey
from smartident.errors import ApprovalInvalid, InvalidRequest
from smartident.webauthn.relying_party import own_party

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.crypto.jwk import PublicKey

KEY_PURPOSE = "smartident-approval-key:v1"
FIELD = "approval_key.jwk"


def check_approval_key(jwk: Mapping[str, object], *, thumbprint: str) -> PublicKey:
    """The key of a JWK if it may approve for the device key of this thumbprint.

    Raises InvalidRequest for what is no strict public key, and ApprovalInvalid for the device key itself: it signs
    every request without a fingerprint, so it proves none.
    """
    key = public_key(jwk, field=FIELD)
    if key.thumbprint() == thumbprint:
        raise ApprovalInvalid("the device key as approval key")
    return key


def verify_jwk_key(
    jwk: dict[str, Any], signature: str, *, registration_id: str, challenge: str, thumbprint: str
) -> ApprovalKey:
    """A raw approval key, proven to be in the phone's hands for this registration and this device key."""
    key = check_approval_key(jwk, thumbprint=thumbprint)
    message = f"{KEY_PURPOSE}:{registration_id}:{challenge}:{thumbprint}".encode()
    if not is_signature(decode(signature, field="approval_key.signature"), message, key):
        raise ApprovalInvalid("approval key did not sign the challenge")
    return ApprovalKey("jwk", dump_public_key(key))


def verify_webauthn_key(credential: dict[str, Any], *, challenge: str, thumbprint: str) -> ApprovalKey:
    """A WebAuthn credential, made with user verification for this challenge (WebAuthn level 3, 7.1)."""
    from smartident.webauthn.ceremonies import verify_new_credential  # noqa: PLC0415  the raw-key path never pays it
    from smartident.webauthn.cose_key import cose_key_of  # noqa: PLC0415

    expected = decode(challenge, field="challenge")
    made = verify_new_credential(credential, challenge=expected, party=own_party())
    try:
        key = check_approval_key(made.jwk, thumbprint=thumbprint)
    except InvalidRequest:
        raise ApprovalInvalid("no key that would do as a raw one") from None
    return ApprovalKey("webauthn", encode(cose_key_of(key)), encode(made.id))
