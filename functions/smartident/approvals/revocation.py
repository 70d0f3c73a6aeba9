"""The decision to remove a device: signed by the approval key of another, verified as every decision is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.base64url import decode
from smartident.crypto.dpop import MAX_CLOCK_SKEW
from smartident.errors import ApprovalInvalid
from smartident.statements.revocation import SignedRevocation, read_revocation

if TYPE_CHECKING:
    from smartident.devices.device import Device


def verify_revocation(
    statement: str, evidence: dict[str, Any], *, device: Device, by: Device, now: int
) -> SignedRevocation:
    """What the approval key of `by` signed to remove `device`; raises ApprovalInvalid for anything else.

    It counts once, because no revoked device becomes active again.
    """
    written = decode(statement, field="statement")
    said = read_revocation(written)
    if (said.account_id, said.device_id, said.device_name) != (by.account_id, device.id, device.name):
        raise ApprovalInvalid("signed to remove another device")
    if not said.is_valid(now=now, skew=MAX_CLOCK_SKEW):
        raise ApprovalInvalid("signed for another time")
    text = written.decode()
    signed = verify_approval(evidence, key=by.approval_key, statement=text)
    if signed.transfer_code:
        raise ApprovalInvalid("a removal asks for no transfer code")
    return SignedRevocation(text, signed.receipt)
