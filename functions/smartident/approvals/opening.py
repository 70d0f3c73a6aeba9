"""The decision to open a frozen account again: signed by the approval key, verified as every decision is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.base64url import decode
from smartident.crypto.dpop import MAX_CLOCK_SKEW
from smartident.errors import ApprovalInvalid
from smartident.statements.by_phone import read_statement
from smartident.statements.opening import OpeningStatement, SignedOpening

if TYPE_CHECKING:
    from smartident.devices.device import Device


def verify_opening(statement: str, evidence: dict[str, Any], *, by: Device, now: int) -> SignedOpening:
    """What the approval key of `by` signed to open its account; raises ApprovalInvalid for anything else.

    It counts for one freeze, which it names by its time.
    """
    written = decode(statement, field="statement")
    said = read_statement(written, OpeningStatement)
    if said.account_id != by.account_id:
        raise ApprovalInvalid("signed to open another account")
    if not said.is_valid(now=now, skew=MAX_CLOCK_SKEW):
        raise ApprovalInvalid("signed for another time")
    text = written.decode()
    signed = verify_approval(evidence, key=by.approval_key, statement=text)
    if signed.transfer_code:
        raise ApprovalInvalid("an opening asks for no transfer code")
    return SignedOpening(text, signed.receipt, said.frozen_at)
