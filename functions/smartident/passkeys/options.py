"""What a page hands to the browser: PublicKeyCredentialRequestOptionsJSON and …CreationOptionsJSON (level 3, 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.passkeys.challenge import CREATION, LIFETIME, LOGIN, new_challenge
from smartident.passkeys.passkey import user_handle
from smartident.passkeys.relying_party import passkey_rp_id
from smartident.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.accounts.account import Account
    from smartident.passkeys.passkey import Passkey

HINTS = ["client-device", "hybrid"]
ES256, EDDSA = -7, -8


def request_options(*, now: int) -> dict[str, object]:
    """Options to log in with, the same for everybody but for the challenge."""
    return {
        "challenge": new_challenge(LOGIN, now=now),
        "timeout": LIFETIME * 1000,
        "rpId": passkey_rp_id(),
        "allowCredentials": [],
        "userVerification": "required",
        "hints": HINTS,
    }


def user_names(account: Account) -> dict[str, str]:
    """How a browser calls who a passkey belongs to (level 3, 5.4.3)."""
    return {"name": account.number, "displayName": account.display_name or account.number}


def creation_options(account: Account, login_id: str, known: Iterable[Passkey], *, now: int) -> dict[str, object]:
    """Options to make a passkey in this login; an authenticator that has one already makes no second."""
    return {
        "rp": {"id": passkey_rp_id(), "name": settings().client_name},
        "user": {"id": user_handle(account.id), **user_names(account)},
        "challenge": new_challenge(CREATION, login_id, now=now),
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (ES256, EDDSA)],
        "timeout": LIFETIME * 1000,
        "excludeCredentials": [
            {"type": "public-key", "id": one.credential_id, "transports": list(one.transports)} for one in known
        ],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
        "hints": HINTS,
    }
