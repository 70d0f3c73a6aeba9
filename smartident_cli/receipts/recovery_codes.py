"""Recovery codes: proof, from an export alone, that a phone ordered each set, and that a used code was of one."""

import json
from collections.abc import Iterator
from typing import Any

from smartident.approvals.recovery_codes import LIFETIME
from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.dpop import MAX_CLOCK_SKEW
from smartident.devices.device import ApprovalKey
from smartident.recovery.codes import CODES_OF_A_SET
from smartident.statements.by_phone import read_statement
from smartident.statements.recovery_codes import RecoveryCodesStatement
from smartident.storage import keys
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.receipts.device_check import FROZEN
from smartident_cli.receipts.finding import Finding

Row = dict[str, Any]
CODES_MADE, CODES_REVOKED, RECOVERY_USED = "recovery_codes_made", "recovery_codes_revoked", "recovery_used"


def recovery_findings(
    account_id: str, devices: list[Row], records: list[Row], party: RelyingParty
) -> Iterator[Finding]:
    """Which sets nobody signed, and which devices came in by a code that the account did not have."""
    known, left = {keys.device_id(str(device["sk"])): device for device in devices}, 0
    for record in sorted(records, key=lambda row: str(row.get("after", "")).partition(".")[0].zfill(9)):
        kind = record["type"]
        if kind == CODES_MADE:
            try:
                _verify(account_id, record, known[str(record["device_id"])], party)
                left = CODES_OF_A_SET
            except Exception:  # noqa: BLE001  whatever a forged row does to a library, it is no proof
                yield Finding("log_unsigned_codes", {"device": record.get("device_id")})
        elif kind == RECOVERY_USED:
            if left == 0:
                yield Finding("log_no_recovery_code", {"device": record.get("device_id")})
            left = max(left - 1, 0)
        elif kind in {CODES_REVOKED, FROZEN}:
            left = 0


def _verify(account_id: str, record: Row, by: Row, party: RelyingParty) -> None:
    said = read_statement(record["statement"].encode(), RecoveryCodesStatement)
    if said.account_id != account_id:
        raise ValueError("signed for another account")
    # On record once a code was typed back, which may take a while.
    if not said.requested_at - MAX_CLOCK_SKEW <= record["at"] < said.expires_at + MAX_CLOCK_SKEW + LIFETIME:
        raise ValueError("signed for another time")
    if by["registered_at"] > record["at"] or by.get("revoked_at", record["at"]) < record["at"]:
        raise ValueError("the phone that ordered them was none of the account's then")
    if by.get("cool_off_until", record["at"]) > record["at"]:
        raise ValueError("the phone that ordered them was too new")
    key = ApprovalKey(by["approval_kind"], by["approval_key"], by.get("credential_id"))
    verify_approval(json.loads(record["receipt"]), key=key, statement=record["statement"], party=party)
