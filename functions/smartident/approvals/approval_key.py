"""What an approval key may be. One function decides for both forms, a raw key (JWK) and a passkey (COSE)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.crypto.base64url import decode, encode
from smartident.crypto.jwk import dump_public_key, is_signature, public_key
from smartident.devices.device import ApprovalKey
from smartident.errors import ApprovalInvalid, InvalidRequest
from smartident.settings import settings

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
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  the raw-key path never pays this import

    from smartident.webauthn.checks import check_credential_id, check_page  # noqa: PLC0415
    from smartident.webauthn.cose_key import cose_key_of, jwk_of  # noqa: PLC0415

    try:
        credential_id, cose_key = _verified(credential, challenge)
        check_page(credential)
        check_credential_id(credential_id)
        key = check_approval_key(jwk_of(cose_key), thumbprint=thumbprint)
    except InvalidRequest:
        raise ApprovalInvalid("no key that would do as a raw one") from None
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        # AttributeError: the library takes for text whatever stands where an attestation has text.
        raise ApprovalInvalid(type(error).__name__) from None
    return ApprovalKey("webauthn", encode(cose_key_of(key)), encode(credential_id))


def _verified(credential: dict[str, Any], challenge: str) -> tuple[bytes, bytes]:
    """The credential's id and COSE key, once the library has looked at the ceremony."""
    from webauthn import verify_registration_response  # noqa: PLC0415  see verify_webauthn_key
    from webauthn.helpers.cose import COSEAlgorithmIdentifier  # noqa: PLC0415

    verified = verify_registration_response(
        credential=credential,
        expected_challenge=decode(challenge, field="challenge"),
        expected_rp_id=settings().webauthn_rp_id,
        expected_origin=list(settings().webauthn_origins),
        require_user_verification=True,
        supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA],
    )
    return verified.credential_id, verified.credential_public_key
