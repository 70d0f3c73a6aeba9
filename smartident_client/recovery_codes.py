"""Recovery codes: a phone makes them in time for its own loss; with the password, one of them sets up another phone."""

import json
from typing import Any

import msgspec

from smartident_client import base64url
from smartident_client.approval_keys import ApprovalKey, decision_payload
from smartident_client.keystore import Account
from smartident_client.phone import Phone

PATH = "/v1/recovery-codes"
STATEMENT_SECONDS = 180
"""So long the person's yes to new codes is meant."""


class RecoveryCodesLeft(msgspec.Struct):
    """How many recovery codes are left, and since when they count."""

    left: int
    made_at: int | None


class MadeRecoveryCodes(msgspec.Struct):
    """Ten new codes, shown this once."""

    set_id: str
    codes: list[str]
    expires_at: int

    def __repr__(self) -> str:
        """Tell which set, not the codes."""
        return f"MadeRecoveryCodes(set_id={self.set_id!r})"


def recovery_codes_left(phone: Phone, account: Account) -> RecoveryCodesLeft:
    """Tell how many codes are left, never which."""
    return phone.as_device(account, "GET", PATH, answer=RecoveryCodesLeft)


def make_recovery_codes(phone: Phone, account: Account) -> MadeRecoveryCodes:
    """Get ten new codes, after the fingerprint; they count once one of them is typed back."""
    ask = signed_recovery_codes(account.approval_key, account.account_id, now=phone.now())
    return phone.as_device(account, "POST", PATH, body=ask, answer=MadeRecoveryCodes)


def confirm_recovery_codes(phone: Phone, account: Account, set_id: str, code: str) -> RecoveryCodesLeft:
    """Type one of the codes back: from now on this set counts, and the one before no more."""
    path = f"{PATH}/{set_id}/confirm"
    return phone.as_device(account, "POST", path, body={"code": code}, answer=RecoveryCodesLeft)


def recovery_statement(account_id: str, *, now: int) -> bytes:
    """Write down that new recovery codes are wanted, as the person was asked."""
    statement = {
        "v": 2,
        "purpose": "smartident-recovery-codes",
        "account_id": account_id,
        "requested_at": now,
        "expires_at": now + STATEMENT_SECONDS,
    }
    return json.dumps(statement, separators=(",", ":")).encode()


def signed_recovery_codes(approval_key: ApprovalKey, account_id: str, *, now: int) -> dict[str, Any]:
    """Sign that new recovery codes are wanted: the body of the request."""
    statement = base64url.encode(recovery_statement(account_id, now=now))
    payload = decision_payload(statement=statement, transfer_code="", now=now)
    return {"statement": statement, "evidence": approval_key.evidence(payload)}
