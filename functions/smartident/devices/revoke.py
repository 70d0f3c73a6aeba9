"""Revocation: a device is out at once, and with it everything it approved that no session came of yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.devices.device import REVOKED, Device, DeviceRow, device_mac
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import AccountSnapshot, leaves_for, read_snapshot
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
    from smartident.statements.by_phone import SignedStatement

DEVICE_REVOKED: Literal["device_revoked"] = "device_revoked"
DEVICE_RETIRED: Literal["device_retired"] = "device_retired"
OPERATOR = "operator"
# So many approvals are taken back by the revocation itself, whose transaction holds a hundred items, devices among
# them.
MAX_LOGINS_PER_TRANSACTION = 25


def revoke(
    account_id: str,
    device_id: str,
    *,
    by: Device | None,
    signed: SignedStatement | None = None,
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
        return (
            retire_before(account, snapshot, device_id, now=now)
            or take_back_in_advance(snapshot, device_id, now=now)
            or write_revocation(account, snapshot, device_id, by=by, signed=signed, origin=origin, now=now)
        )

    retry(attempt, None)


def retire_before(
    account: Account, snapshot: AccountSnapshot, new_id: str, *, origin: str = "", now: int
) -> Again[None] | None:
    """Write which phone has left for this one, the earliest first; None once nothing of it is left to write.

    It comes before this one is removed: then nothing else would keep that one out.
    """
    old = leaves_for(new_id, snapshot)
    if old is None:
        return None
    by = snapshot.devices[new_id]
    return (
        retire_before(account, snapshot, old.id, now=now)
        or take_back_in_advance(snapshot, old.id, now=now)
        or write_revocation(account, snapshot, old.id, by=by, retires=True, origin=origin, now=now)
        or Again(None)
    )


def write_revocation(
    account: Account,
    snapshot: AccountSnapshot,
    device_id: str,
    *,
    by: Device | None,
    signed: SignedStatement | None = None,
    retires: bool = False,
    origin: str = "",
    now: int,
) -> Again[None] | None:
    """Write the revocation, or that the device retires in favour of `by`, while everything is as it was read."""
    device, told_by = snapshot.devices[device_id], by.name if by is not None else OPERATOR
    taken = _approved(snapshot, device_id)[:MAX_LOGINS_PER_TRANSACTION]
    change, asked_by = change_of(account), by.id if by is not None else OPERATOR
    change.remove_device()
    if retires:
        change.record(DEVICE_RETIRED, now=now, device_id=device_id, detail=asked_by)
    else:
        evidence = {"statement": signed.statement, "receipt": signed.receipt} if signed is not None else {}
        change.record(DEVICE_REVOKED, now=now, device_id=device_id, detail=asked_by, **evidence)
        _end_codes_made_on(device_id, change, account, by=by, now=now)
    # The asking device is granted again too, on condition that it still is active.
    begin_next_epoch(change, snapshot, ended={login.id for login in taken}, revoked=device_id)
    told = DEVICE_RETIRED if retires else DEVICE_REVOKED
    change.also([notice(account.id, told, now=now, origin=origin, by=told_by, device_name=device.name)])
    epoch = account.grant_epoch + 1
    out = _out(device, told_by, retired_by=asked_by if retires else None, grant_epoch=epoch, now=now)
    operations: list[Operation] = [out, *change.operations()]
    operations += [take_back(login, device_id=device_id, reason=DEVICE_REVOKED, now=now) for login in taken]
    return write(*operations, on_conflict=_look_again)


def _out(device: Device, told_by: str, *, retired_by: str | None, grant_epoch: int, now: int) -> Update:
    actions: list[Any] = [DeviceRow.state.set(REVOKED), DeviceRow.revoked_at.set(now)]
    actions.append(DeviceRow.revoked_by.set(told_by))
    if retired_by is not None:
        left = replace(device, state=REVOKED, revoked_at=now, retired_by=retired_by)
        actions += [DeviceRow.retired_by.set(retired_by), DeviceRow.mac.set(device_mac(left, grant_epoch))]
    return Update(DeviceRow(*keys.device(device.account_id, device.id)), actions, DeviceRow.state != REVOKED)


def _end_codes_made_on(device_id: str, change: AccountChange, account: Account, *, by: Device | None, now: int) -> None:
    """Let the codes go with the device that showed them, if another device removes it.

    The operator's removal keeps them: who has just lost the phone needs its codes now.
    """
    if by is None or by.id == device_id or not account.recovery_codes_mac:
        return
    from smartident.recovery.changes import end  # noqa: PLC0415  only accounts with codes pay it
    from smartident.recovery.code_set import read_valid_codes  # noqa: PLC0415

    codes = read_valid_codes(account)
    if codes is not None and codes.made_by == device_id:
        end(change, device_id=by.id, now=now)


def _look_again(_: FailedConditions) -> Again[None]:
    """Everything in the way is something else to revoke from: it is read and composed as it is by then."""
    return Again(None)


def _approved(snapshot: AccountSnapshot, device_id: str) -> list[Login]:
    return [login for login in snapshot.open_logins() if login.state == APPROVED and login.decided_by == device_id]


def take_back_in_advance(snapshot: AccountSnapshot, device_id: str, *, now: int) -> Again[None] | None:
    """Take back what is too much for one transaction: no phone keeps itself by approving more logins than fit in."""
    logins = _approved(snapshot, device_id)
    for start in range(MAX_LOGINS_PER_TRANSACTION, len(logins), MAX_LOGINS_PER_TRANSACTION):
        some = logins[start : start + MAX_LOGINS_PER_TRANSACTION]
        taken = [take_back(login, device_id=device_id, reason=DEVICE_REVOKED, now=now) for login in some]
        again = write(*taken, on_conflict=_look_again)
        if again is not None:
            return again
    return None
