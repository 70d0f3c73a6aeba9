"""What becomes of a set of recovery codes, written with the change of the account that names it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartident.accounts.item.recovery_codes import name_recovery_codes
from smartident.recovery.code_set import CONFIRMED, VALID, RecoveryCodes, RecoveryCodesRow, row_of, set_mac
from smartident.storage import keys
from smartident.storage.operations import Put, Update

if TYPE_CHECKING:
    from smartident.accounts.account_change import AccountChange


def keep_made(codes: RecoveryCodes) -> Put:
    """Keep a set until one of its codes is typed back, in place of the one that was made before."""
    return Put(row_of(codes), replaces=True)


def confirm(change: AccountChange, made: RecoveryCodes, *, now: int) -> None:
    """Let a set count from now on, in place of the one before."""
    valid = replace(made, state=VALID, expires_at=0, statement=None, receipt=None)
    confirmed = replace(made, state=CONFIRMED)
    row = RecoveryCodesRow(*keys.made_recovery_codes(made.account_id))
    actions = [RecoveryCodesRow.state.set(CONFIRMED), RecoveryCodesRow.mac.set(set_mac(confirmed))]
    in_time = (RecoveryCodesRow.mac == made.mac) & (RecoveryCodesRow.expires_at > now)
    change.also([Put(row_of(valid), replaces=True), Update(row, actions, in_time)])
    name_recovery_codes(change, set_mac(valid))
    signed = {"statement": made.statement, "receipt": made.receipt}
    change.record("recovery_codes_made", now=now, device_id=made.made_by, detail=made.id, **signed)


def use(change: AccountChange, codes: RecoveryCodes, code: str, *, device_id: str, for_what: str, now: int) -> None:
    """Use up one code, by its MAC, to let a device in; a set without codes counts no more."""
    left = codes.without(code)
    row = RecoveryCodesRow(*keys.valid_recovery_codes(codes.account_id))
    actions = [RecoveryCodesRow.code_macs.set(" ".join(left.code_macs)), RecoveryCodesRow.mac.set(set_mac(left))]
    change.also([Update(row, actions, RecoveryCodesRow.mac == codes.mac)])
    name_recovery_codes(change, set_mac(left) if left.code_macs else None)
    change.record("recovery_used", now=now, device_id=device_id, detail=for_what)


def end(change: AccountChange, *, device_id: str | None = None, operator: str | None = None, now: int) -> None:
    """Let the account have no recovery codes from now on, on record with the device or operator that ended them."""
    name_recovery_codes(change, None)
    change.record("recovery_codes_revoked", now=now, device_id=device_id, detail=operator)
