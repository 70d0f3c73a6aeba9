"""New recovery codes: signed by the approval key of a device, and valid once one of them was typed back on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.item.login_policy import is_passkey_only
from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.base64url import decode
from smartident.crypto.dpop import MAX_CLOCK_SKEW
from smartident.crypto.random import random_id
from smartident.devices.device import DeviceRow, require_active
from smartident.errors import (
    AccountFrozen,
    ApprovalInvalid,
    DeviceRevoked,
    RecoveryCodesExpired,
    RecoveryCodesNotAllowed,
    RecoveryCodeWrong,
)
from smartident.notices.outbox import notice
from smartident.recovery.changes import confirm, keep_made
from smartident.recovery.code_set import WAITING, RecoveryCodes, read_made_codes, read_valid_codes
from smartident.recovery.codes import CODES_OF_A_SET, code_mac, in_groups, new_code
from smartident.statements.by_phone import SignedStatement, read_statement
from smartident.statements.recovery_codes import RecoveryCodesStatement
from smartident.storage.operations import Again, FailedConditions
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.devices.device import Device

# So long a person may take to write or print the codes and type one back.
LIFETIME = 3600


def verify_recovery_codes(statement: str, evidence: dict[str, Any], *, by: Device, now: int) -> SignedStatement:
    """What the approval key of `by` signed to get recovery codes; raises ApprovalInvalid for anything else."""
    written = decode(statement, field="statement")
    said = read_statement(written, RecoveryCodesStatement)
    if said.account_id != by.account_id:
        raise ApprovalInvalid("signed for another account")
    if not said.is_valid(now=now, skew=MAX_CLOCK_SKEW):
        raise ApprovalInvalid("signed for another time")
    text = written.decode()
    signed = verify_approval(evidence, key=by.approval_key, statement=text)
    if signed.transfer_code:
        raise ApprovalInvalid("recovery codes ask for no transfer code")
    return SignedStatement(text, signed.receipt)


def make_codes(device: Device, signed: SignedStatement, *, now: int) -> tuple[RecoveryCodes, list[str]]:
    """A new set, and its codes, which nobody can show again. Until one is typed back, the set before stays valid."""
    account, codes = _account(device), [new_code() for _ in range(CODES_OF_A_SET)]
    if is_passkey_only(account, now=now):
        # Such a code would allow phones again after the cool-off, which a phone alone must not.
        raise RecoveryCodesNotAllowed
    made = RecoveryCodes(
        account_id=device.account_id,
        id=random_id(),
        state=WAITING,
        code_macs=tuple(code_mac(device.account_id, code) for code in codes),
        made_at=now,
        made_by=device.id,
        grant_epoch=account.grant_epoch,
        expires_at=now + LIFETIME,
        statement=signed.statement,
        receipt=signed.receipt,
    )
    write(keep_made(made), require_active(device), on_conflict=_revoked)
    return made, [in_groups(code) for code in codes]


def confirm_codes(set_id: str, typed: str, *, device: Device, origin: str = "", now: int) -> RecoveryCodes:
    """Let the set count whose code was typed back on the device that made it; the same again changes nothing.

    Raises RecoveryCodeWrong, or RecoveryCodesExpired for a set that another one replaced.
    """

    def attempt(account: Account) -> RecoveryCodes | Again[Account]:
        valid = read_valid_codes(account)
        if valid is not None and valid.id == set_id and valid.has(code_mac(account.id, typed)):
            return valid
        made = _waiting(account, set_id, device, now=now)
        if not made.has(code_mac(account.id, typed)):
            raise RecoveryCodeWrong
        return _write(account, made, device, origin=origin, now=now) or made

    confirmed = retry(attempt, _account(device))
    log_event("recovery_codes_made")
    return confirmed


def _waiting(account: Account, set_id: str, device: Device, *, now: int) -> RecoveryCodes:
    """The set that waits for its code; raises RecoveryCodesExpired for any other."""
    made = read_made_codes(account)
    if made is None or (made.id, made.state, made.made_by) != (set_id, WAITING, device.id):
        raise RecoveryCodesExpired
    # What ended the account's epoch meanwhile, a freeze or a revocation, ended it too.
    if made.expires_at <= now or made.grant_epoch != account.grant_epoch:
        raise RecoveryCodesExpired
    return made


def _write(account: Account, made: RecoveryCodes, device: Device, *, origin: str, now: int) -> Again[Account] | None:
    def on_conflict(conflict: FailedConditions) -> Again[Account]:
        if conflict.failed_on(DeviceRow):
            raise DeviceRevoked
        return Again(_account(device))

    change = change_of(account)
    confirm(change, made, now=now)
    change.also([notice(account.id, "recovery_codes_made", now=now, origin=origin, device_name=device.name)])
    return write(*change.operations(), require_active(device), on_conflict=on_conflict)


def _account(device: Device) -> Account:
    account = read_account(device.account_id)
    if account is None:
        raise DeviceRevoked
    if account.frozen:
        raise AccountFrozen
    return account


def _revoked(_: FailedConditions) -> None:
    raise DeviceRevoked
