"""What WebAuthn demands of a ceremony (level 3, 7.1 and 7.2) beyond the checks of the library."""

from __future__ import annotations

import json
from typing import Any

from webauthn.helpers import base64url_to_bytes, decode_credential_public_key
from webauthn.helpers.decode_credential_public_key import DecodedEC2PublicKey, DecodedOKPPublicKey

from smartident.crypto.base64url import encode
from smartident.crypto.jwk import public_key
from smartident.errors import ApprovalInvalid, InvalidRequest

MAX_ID_LENGTH = 1023
# Curves of RFC 9053 section 7.1, with their names in RFC 7518 and RFC 8037.
CURVES = {1: "P-256", 6: "Ed25519"}


def check_page(credential: dict[str, Any]) -> None:
    """Raise ApprovalInvalid for a ceremony inside another page, which may hide what the person confirms.

    The library has parsed the credential before.
    """
    client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    if client_data.get("crossOrigin") or "topOrigin" in client_data:
        raise ApprovalInvalid("in a frame of another page")


def check_credential(credential_id: bytes, cose_key: bytes) -> None:
    """Raise ApprovalInvalid for a credential id that is too long, and for a key that is refused as a raw key too."""
    if len(credential_id) > MAX_ID_LENGTH:
        raise ApprovalInvalid("credential id too long")
    key = decode_credential_public_key(cose_key)
    if not isinstance(key, (DecodedEC2PublicKey, DecodedOKPPublicKey)):
        raise ApprovalInvalid("neither P-256 nor Ed25519")
    jwk: dict[str, object] = {"crv": CURVES.get(key.crv), "x": encode(key.x)}
    if isinstance(key, DecodedEC2PublicKey):
        jwk |= {"kty": "EC", "y": encode(key.y)}
    else:
        jwk["kty"] = "OKP"
    try:
        public_key(jwk, field="approval_key")
    except InvalidRequest:
        raise ApprovalInvalid("no key of its curve, or a weak one") from None
