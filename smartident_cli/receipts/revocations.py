"""Removals: proof, from an export alone, that the approval key of another phone ordered each one on record."""

import json
from collections.abc import Iterator
from typing import Any

from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.dpop import MAX_CLOCK_SKEW
from smartident.devices.device import ApprovalKey
from smartident.devices.revoke import DEVICE_REVOKED, OPERATOR
from smartident.statements.by_phone import read_statement
from smartident.statements.revocation import RevocationStatement
from smartident.storage import keys
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.receipts.finding import Finding

Row = dict[str, Any]


def revocation_findings(
    account_id: str, devices: list[Row], records: list[Row], party: RelyingParty
) -> Iterator[Finding]:
    """Which removals nobody signed. A phone signs itself out, and the operator removes one, without a signature."""
    known = {keys.device_id(str(device["sk"])): device for device in devices}
    for record in records:
        by = record.get("detail")
        if record["type"] != DEVICE_REVOKED or by in {OPERATOR, record.get("device_id")}:
            continue
        try:
            _verify(account_id, record, known[str(by)], party)
        except Exception:  # noqa: BLE001  whatever a forged row does to a library, it is no proof
            yield Finding("log_unsigned_revocation", {"device": record.get("device_id")})


def _verify(account_id: str, record: Row, by: Row, party: RelyingParty) -> None:
    said = read_statement(record["statement"].encode(), RevocationStatement)
    if (said.account_id, said.device_id) != (account_id, record["device_id"]):
        raise ValueError("signed to remove another device")
    if not said.is_valid(now=record["at"], skew=MAX_CLOCK_SKEW):
        raise ValueError("signed for another time")
    if by["registered_at"] > record["at"] or by.get("revoked_at", record["at"]) < record["at"]:
        raise ValueError("the phone that ordered it was none of the account's then")
    key = ApprovalKey(by["approval_kind"], by["approval_key"], by.get("credential_id"))
    verify_approval(json.loads(record["receipt"]), key=key, statement=record["statement"], party=party)
