"""The decision to remove a device: signed by the approval key of another, verified as every decision is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.base64url import decode
from smartident.crypto.dpop import MAX_CLOCK_SKEW
from smartident.errors import ApprovalInvalid
from smartident.statements.by_phone import SignedStatement, read_statement
from smartident.statements.revocation import RevocationStatement

if TYPE_CHECKING:
    from smartident.devices.device import Device


def verify_revocation(
    statement: str, evidence: dict[str, Any], *, device: Device, by: Device, now: int
) -> SignedStatement:
    """What the approval key of `by` signed to remove `device`; raises ApprovalInvalid for anything else.

    It counts once, because no revoked device becomes active again.
    """
    written = decode(statement, field="statement")
    said = read_statement(written, RevocationStatement)
    # The name is what the person read, and goes on record. Nobody escapes a removal by a new one.
    if (said.account_id, said.device_id) != (by.account_id, device.id):
        raise ApprovalInvalid("signed to remove another device")
    if not said.is_valid(now=now, skew=MAX_CLOCK_SKEW):
        raise ApprovalInvalid("signed for another time")
    text = written.decode()
    signed = verify_approval(evidence, key=by.approval_key, statement=text)
    if signed.transfer_code:
        raise ApprovalInvalid("a removal asks for no transfer code")
    return SignedStatement(text, signed.receipt)
