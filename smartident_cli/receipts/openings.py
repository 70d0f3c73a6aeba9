"""Openings: proof, from an export alone, that a phone from before the freeze signed each one that names a phone."""

import json
from collections.abc import Iterator
from typing import Any

from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.dpop import MAX_CLOCK_SKEW
from smartident.devices.device import ApprovalKey
from smartident.freeze.opening import KNOWN_SECONDS
from smartident.statements.by_phone import read_statement
from smartident.statements.opening import OpeningStatement
from smartident.storage import keys
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.receipts.device_check import FROZEN, OPENED
from smartident_cli.receipts.finding import Finding
from smartident_cli.receipts.pairings import position

Row = dict[str, Any]


def opening_findings(account_id: str, devices: list[Row], records: list[Row], party: RelyingParty) -> Iterator[Finding]:
    """Which openings nobody signed, or signed for another freeze. The operator opens without a signature."""
    known = {keys.device_id(str(device["sk"])): device for device in devices}
    # None where the record of the freeze is past its time.
    frozen_at: int | None = None
    for record in sorted(records, key=position):
        if record["type"] == FROZEN:
            frozen_at = record["at"]
        elif record["type"] == OPENED:
            by = record.get("device_id")
            try:
                if by is not None:
                    _verify(account_id, record, known[str(by)], frozen_at, party)
            except Exception:  # noqa: BLE001  whatever a forged row does to a library, it is no proof
                yield Finding("log_unsigned_opening", {"device": by})
            frozen_at = None


def _verify(account_id: str, record: Row, by: Row, frozen_at: int | None, party: RelyingParty) -> None:
    said = read_statement(record["statement"].encode(), OpeningStatement)
    if said.account_id != account_id or said.frozen_at != (said.frozen_at if frozen_at is None else frozen_at):
        raise ValueError("signed for another account, or another freeze")
    if not said.is_valid(now=record["at"], skew=MAX_CLOCK_SKEW):
        raise ValueError("signed for another time")
    if by["registered_at"] > said.frozen_at - KNOWN_SECONDS or by.get("revoked_at", record["at"]) < record["at"]:
        raise ValueError("the phone that opened was too new, or none of the account's then")
    if by.get("cool_off_until", record["at"]) > record["at"]:
        raise ValueError("the phone that opened cooled off")
    key = ApprovalKey(by["approval_kind"], by["approval_key"], by.get("credential_id"))
    signed = verify_approval(json.loads(record["receipt"]), key=key, statement=record["statement"], party=party)
    if signed.transfer_code:
        raise ValueError("an opening asks for no transfer code")
