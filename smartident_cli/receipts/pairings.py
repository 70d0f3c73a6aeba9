"""New devices: proof, from an export alone, that a device of the account let each further one in, or declined it."""

import json
from collections.abc import Iterator
from typing import Any

from smartident.approvals.signed_decision import MAX_PAIRING_CODE_LENGTH, verify_approval
from smartident.crypto.dpop import Request, verify_proof
from smartident.crypto.jwk import load_public_key, payload_of
from smartident.devices.device import ApprovalKey
from smartident.statements.new_device import PURPOSE
from smartident.storage import keys
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.receipts.denials import PATH
from smartident_cli.receipts.device_check import REGISTERED, RESTORED, RETIRED, REVOKED
from smartident_cli.receipts.finding import Finding
from smartident_cli.receipts.recovery_codes import RECOVERY_USED
from smartident_client import base64url

Row = dict[str, Any]
PAIRING_APPROVED, PAIRING_DECLINED = "pairing_approved", "pairing_declined"
# A phone in place of a lost one: its wait began, and any device may have stopped it.
DELAYED, STOPPED = "registration_delayed", "registration_stopped"
ADMITTING = {DELAYED, "enrolment_code_used"}
DECLINES = {PAIRING_DECLINED, STOPPED}
CODE_ISSUED, CODE_USED = "enrolment_code_issued", "enrolment_code_used"
DECIDED = {PAIRING_APPROVED, PAIRING_DECLINED}


def pairing_findings(devices: list[Row], records: list[Row], party: RelyingParty) -> Iterator[Finding]:
    """Which decisions over new devices nobody signed, and which devices came in beside others without one or a code."""
    known = {keys.device_id(str(device["sk"])): device for device in devices}
    # Whether the account had the code, recovery_codes.py looks.
    let_in = {str(record.get("device_id")) for record in records if record["type"] == RECOVERY_USED}
    active: set[str] = set()
    code_issued = False
    for record in sorted(records, key=position):
        kind, device_id = record["type"], str(record.get("device_id"))
        # A code that was issued lets one phone in.
        code_issued, was_issued = kind == CODE_ISSUED or (code_issued and kind != CODE_USED), code_issued
        if kind in DECIDED or (kind == STOPPED and record.get("device_id")):
            try:
                let_in |= _decided(record, known[device_id], party)
            except Exception:  # noqa: BLE001  whatever a forged row does to a library, it is no proof
                yield Finding("log_unsigned_pairing", {"registration": record.get("detail")})
        elif kind in {REVOKED, RETIRED}:
            active.discard(device_id)
        elif kind in ADMITTING:
            if kind == CODE_USED and not was_issued:
                yield Finding("log_no_code", {"device": device_id})
            let_in.add(device_id)
        elif kind == RESTORED:
            active.add(device_id)
        elif kind == REGISTERED:
            if active and device_id not in let_in:
                yield Finding("log_unpaired", {"device": device_id})
            active.add(device_id)


def _decided(record: Row, by: Row, party: RelyingParty) -> set[str]:
    """The device that this decision let in, or none; raises for what `by` did not decide."""
    if by["registered_at"] > record["at"] or by.get("revoked_at", record["at"]) < record["at"]:
        raise ValueError("the device that decided was none of the account's then")
    if "statement" not in record:
        _verify_denial(record, by)
        return set()
    let_in, _ = verify_pairing(record, by, party)
    return {let_in} if record["type"] == PAIRING_APPROVED else set()


def verify_pairing(record: Row, by: Row, party: RelyingParty) -> tuple[str, bool]:
    """Over which new device `by` signed, and whether also that it leaves for that; raises for what it did not sign."""
    said = json.loads(record["statement"])
    if (said["purpose"], said["registration_id"]) != (PURPOSE, record["detail"]):
        raise ValueError("signed over another new device")
    if not said["requested_at"] <= record["at"] < said["expires_at"]:
        raise ValueError("signed at another time")
    key = ApprovalKey(by["approval_kind"], by["approval_key"], by.get("credential_id"))
    signed = verify_approval(
        json.loads(record["receipt"]),
        key=key,
        statement=record["statement"],
        party=party,
        max_code_length=MAX_PAIRING_CODE_LENGTH,
        may_retire=keys.device_id(str(by["sk"])),
    )
    return str(said["device_id"]), signed.retires


def _verify_denial(record: Row, by: Row) -> None:
    """A denial is a request that the device signed: its path names the registration, its body the decision."""
    kept, key = json.loads(record["receipt"]), load_public_key(by["device_key"])
    body = base64url.decode(kept["body"])
    url = str(json.loads(payload_of(kept["proof"], key))["htu"])
    if record["type"] not in DECLINES or json.loads(body)["decision"] != "deny":
        raise ValueError("no denial")
    if not url.endswith(PATH + record["detail"]):
        raise ValueError("denied another new device")
    verify_proof(Request("POST", url, body, kept["proof"]), key=key, active=True, now=record["at"])


def position(record: Row) -> str:
    """What sorts records as the audit log has them."""
    return str(record.get("after", "")).partition(".")[0].zfill(9)
