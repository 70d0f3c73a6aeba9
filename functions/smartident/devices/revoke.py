"""Revocation: a device is out at once, and with it everything it approved that no session came of yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.devices.device import REVOKED, Device, DeviceRow
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import AccountSnapshot, read_snapshot
from smartident.errors import DeviceNotFound, DeviceRevoked
from smartident.logins.login import APPROVED, Login
from smartident.logins.transitions import take_back
from smartident.notices.outbox import notice
from smartident.storage import keys
from smartident.storage.operations import Again, FailedConditions, Operation, Update
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.account_change import AccountChange
    from smartident.statements.revocation import SignedRevocation

DEVICE_REVOKED = "device_revoked"
OPERATOR = "operator"
# So many approvals are taken back by the revocation itself, whose transaction holds a hundred items, devices among
# them.
MAX_LOGINS_PER_TRANSACTION = 25


def revoke(
    account_id: str,
    device_id: str,
    *,
    by: Device | None,
    signed: SignedRevocation | None = None,
    origin: str = "",
    now: int,
) -> None:
    """Revoke a device, and end by its state each login that it approved or may still approve.

    Approvals beyond what a transaction holds are taken back just before. `by` is the device that asks, None for the
    operator; the record keeps what its approval key `signed`. The person is told, and from where (`origin`) it came.
    Asking again changes nothing. Raises DeviceNotFound, or DeviceRevoked if the asking device is revoked meanwhile.
    """

    def attempt(_: None) -> Again[None] | None:
        # The account is read first: a login begun after it moves the audit log on, and the transaction then fails.
        account, snapshot = read_account(account_id), read_snapshot(account_id, now=now)
        if account is None or device_id not in snapshot.devices:
            raise DeviceNotFound
        if not snapshot.devices[device_id].active:
            return None
        if by is not None and by.id not in {device.id for device in snapshot.active_devices()}:
            raise DeviceRevoked
        return _take_back_in_advance(snapshot, device_id, now=now) or write_revocation(
            account, snapshot, device_id, by=by, signed=signed, origin=origin, now=now
        )

    retry(attempt, None)


def write_revocation(
    account: Account,
    snapshot: AccountSnapshot,
    device_id: str,
    *,
    by: Device | None,
    signed: SignedRevocation | None = None,
    origin: str = "",
    now: int,
) -> Again[None] | None:
    """Write the revocation while everything is as it was read."""
    row = DeviceRow(*keys.device(account.id, device_id))
    told_by = by.name if by is not None else OPERATOR
    actions = [DeviceRow.state.set(REVOKED), DeviceRow.revoked_at.set(now), DeviceRow.revoked_by.set(told_by)]
    taken = _approved(snapshot, device_id)[:MAX_LOGINS_PER_TRANSACTION]
    change = change_of(account)
    change.remove_device()
    asked_by = by.id if by is not None else OPERATOR
    evidence = {"statement": signed.statement, "receipt": signed.receipt} if signed is not None else {}
    change.record(DEVICE_REVOKED, now=now, device_id=device_id, detail=asked_by, **evidence)
    if by is not None and by.id != device_id and account.recovery_codes_mac:
        # The operator's removal keeps them: who has just lost the phone needs its codes now.
        _end_codes_made_on(device_id, change, account, by=by.id, now=now)
    # The asking device is granted again too, on condition that it still is active.
    begin_next_epoch(change, snapshot, ended={login.id for login in taken}, revoked=device_id)
    name = snapshot.devices[device_id].name
    change.also([notice(account.id, "device_revoked", now=now, origin=origin, by=told_by, device_name=name)])
    operations: list[Operation] = [Update(row, actions, DeviceRow.state != REVOKED), *change.operations()]
    operations += [take_back(login, device_id=device_id, reason=DEVICE_REVOKED, now=now) for login in taken]
    return write(*operations, on_conflict=_look_again)


def _end_codes_made_on(device_id: str, change: AccountChange, account: Account, *, by: str, now: int) -> None:
    """Let the codes go with the device that showed them."""
    from smartident.recovery.changes import end  # noqa: PLC0415  only accounts with codes pay it
    from smartident.recovery.code_set import read_valid_codes  # noqa: PLC0415

    codes = read_valid_codes(account)
    if codes is not None and codes.made_by == device_id:
        end(change, device_id=by, now=now)


def _look_again(_: FailedConditions) -> Again[None]:
    """Everything in the way is something else to revoke from: it is read and composed as it is by then."""
    return Again(None)


def _approved(snapshot: AccountSnapshot, device_id: str) -> list[Login]:
    return [login for login in snapshot.open_logins() if login.state == APPROVED and login.decided_by == device_id]


def _take_back_in_advance(snapshot: AccountSnapshot, device_id: str, *, now: int) -> Again[None] | None:
    """Take back what is too much for one transaction: no phone keeps itself by approving more logins than fit in."""
    logins = _approved(snapshot, device_id)
    for start in range(MAX_LOGINS_PER_TRANSACTION, len(logins), MAX_LOGINS_PER_TRANSACTION):
        some = logins[start : start + MAX_LOGINS_PER_TRANSACTION]
        taken = [take_back(login, device_id=device_id, reason=DEVICE_REVOKED, now=now) for login in some]
        again = write(*taken, on_conflict=_look_again)
        if again is not None:
            return again
    return None
