"""What WebAuthn demands of a ceremony (level 3, 7.1 and 7.2) beyond the checks of the library."""

from __future__ import annotations

import json
from typing import Any

from webauthn.helpers import base64url_to_bytes

from smartident.errors import ApprovalInvalid

MAX_ID_LENGTH = 1023


def check_page(credential: dict[str, Any]) -> None:
    """Raise ApprovalInvalid for a ceremony inside another page, which may hide what the person confirms.

    The library has parsed the credential before.
    """
    client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    if client_data.get("crossOrigin") or "topOrigin" in client_data:
        raise ApprovalInvalid("in a frame of another page")


def check_credential_id(credential_id: bytes) -> None:
    """Raise ApprovalInvalid for a credential id that is longer than the standard allows."""
    if len(credential_id) > MAX_ID_LENGTH:
        raise ApprovalInvalid("credential id too long")
