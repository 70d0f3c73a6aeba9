"""The two ceremonies of WebAuthn (level 3, 7.1 and 7.2), verified in one place for every use of a passkey.

Both demand presence and verification of the user, one of our own pages, and no frame of another page around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import CredentialDeviceType

from smartident.errors import ApprovalInvalid
from smartident.webauthn.checks import check_credential_id, check_page
from smartident.webauthn.cose_key import jwk_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.webauthn.relying_party import RelyingParty

ALGORITHMS = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA]
# AttributeError: the library takes for text whatever stands where an attestation has text.
MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class NewCredential:
    """A credential just made, and what its authenticator says of itself."""

    id: bytes
    jwk: Mapping[str, object]
    aaguid: str
    sign_count: int
    backup_eligible: bool
    backed_up: bool


@dataclass(frozen=True)
class Assertion:
    """What an authenticator says of itself when its credential is used."""

    sign_count: int
    backup_eligible: bool
    backed_up: bool


def verify_new_credential(credential: dict[str, Any], *, challenge: bytes, party: RelyingParty) -> NewCredential:
    """The credential that was made for this challenge on a page of this party; raises ApprovalInvalid.

    Whether its key is a strict public key, the reader of the JWK decides.
    """
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        check_page(credential)
        check_credential_id(made.credential_id)
        return NewCredential(
            id=made.credential_id,
            jwk=jwk_of(made.credential_public_key),
            aaguid=made.aaguid,
            sign_count=made.sign_count,
            backup_eligible=_is_synced(made.credential_device_type),
            backed_up=made.credential_backed_up,
        )
    except MALFORMED as error:
        raise ApprovalInvalid(type(error).__name__) from None


def verify_assertion(assertion: dict[str, Any], *, challenge: bytes, cose_key: bytes, party: RelyingParty) -> Assertion:
    """What this key asserted for this challenge on a page of this party; raises ApprovalInvalid."""
    try:
        verified = verify_authentication_response(
            credential=assertion,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=cose_key,
            # The counter of a synced passkey stays 0; a falling one would only be a hint (WebAuthn level 3, 6.1.1).
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        check_page(assertion)
    except MALFORMED as error:
        raise ApprovalInvalid(type(error).__name__) from None
    synced = _is_synced(verified.credential_device_type)
    return Assertion(verified.new_sign_count, synced, verified.credential_backed_up)


def _is_synced(device_type: CredentialDeviceType) -> bool:
    return device_type is CredentialDeviceType.MULTI_DEVICE
