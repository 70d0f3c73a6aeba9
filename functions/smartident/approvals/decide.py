"""Decisions of a phone: approve, deny, revoke. Each is one write or transaction that only an active device can make."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartident.accounts.account import ACCOUNT, AccountRow, account_of, read_profile
from smartident.accounts.audit_log import add_record
from smartident.accounts.password_attempts import hold_source
from smartident.devices.device import REVOKED, Device, DeviceRow, require_active
from smartident.devices.snapshot import AccountSnapshot, read_snapshot
from smartident.errors import DeviceNotFound, DeviceRevoked, LoginDecided, LoginExpired, ServiceUnavailable
from smartident.logins.login import APPROVED, COMPLETED, DENIED, EXPIRED, PENDING, Login
from smartident.logins.transitions import add_denial, bar_device, mark_approved
from smartident.settings import settings
from smartident.storage.table import MAX_CONFLICT_RETRIES, Conflict, transact
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

NOT_ME = "not_me"
TRANSFER_CODE = "transfer_code"
DEVICE_REVOKED = "device_revoked"
OPERATOR = "operator"
# So many approvals are taken back by the revocation itself, whose transaction holds a hundred rows.
MAX_TRANSACTION_ITEMS = 80


def check_open(login: Login, device: Device, *, wish: str, now: int) -> bool:
    """True while the login may still become what is wished, False if this device already made it so.

    Raises LoginExpired or LoginDecided otherwise. A denial also ends an approval that is not completed.
    """
    status = login.status(now)
    made = {COMPLETED: APPROVED}.get(login.state, login.state)
    if made == wish and login.decided_by == device.id:
        return False
    if status == EXPIRED:
        log_event("login_expired", login_id=login.id)
        raise LoginExpired
    if status == PENDING or (status == APPROVED and wish == DENIED):
        return True
    raise LoginDecided


def approve(login: Login, device: Device, *, receipt: str, now: int) -> None:
    """Pending to approved by an active device; raises Conflict if either changed meanwhile.

    One write of one row: a revocation bars its device from all that waits, so that nothing else need be asked here.
    """
    mark_approved(login, device_id=device.id, receipt=receipt, now=now)
    log_event("login_approved", login_id=login.id, seconds=now - login.created_at)


def deny(login: Login, device: Device, *, reason: str, denial: str, now: int) -> None:
    """To denied by an active device; `not_me` also holds the source that asked off this account."""

    def compose(transaction: TransactWrite) -> None:
        add_denial(transaction, login, device_id=device.id, reason=reason, denial=denial, now=now)
        require_active(transaction, device)
        if reason == NOT_ME:
            held = hold_source(login.source, until=now + settings().address_block)
            transaction.update(AccountRow(login.account_id, ACCOUNT), actions=held, condition=AccountRow.pk.exists())

    transact(compose)
    log_event("login_denied", login_id=login.id, reason=reason, seconds=now - login.created_at)


def revoke(account_id: str, device_id: str, *, by: Device | None, now: int) -> None:
    """Revoke a device at once, and with it, in the same transaction, all it approved that no session came of yet.

    What of that is more than a transaction holds is taken back just before.

    `by` is the device that asks, none for the operator. Asking again changes nothing. Raises DeviceNotFound, or
    DeviceRevoked if the device that asks is revoked meanwhile.
    """
    for _ in range(MAX_CONFLICT_RETRIES):
        # The guard is read first: a login begun after it moves the log on, and the transaction then fails.
        guard = read_profile(account_id)
        snapshot = read_snapshot(account_id, now=now)
        if guard is None or device_id not in snapshot.devices:
            raise DeviceNotFound
        if not snapshot.devices[device_id].active:
            return
        if by is not None and by.id not in {device.id for device in snapshot.active_devices()}:
            raise DeviceRevoked
        try:
            _take_back_in_advance(snapshot, device_id, now=now)
            transact(lambda transaction: _revoke(transaction, guard, snapshot, device_id, by=by, now=now))  # noqa: B023  run in this turn
        except Conflict:
            continue
        return
    raise ServiceUnavailable("revocation in the way of others", retry_after=1)


def _revoke(
    transaction: TransactWrite,
    guard: AccountRow,
    snapshot: AccountSnapshot,
    device_id: str,
    *,
    by: Device | None,
    now: int,
) -> None:
    account_id = snapshot.account_id
    transaction.update(
        DeviceRow(account_id, f"DEVICE#{device_id}"),
        actions=[DeviceRow.state.set(REVOKED), DeviceRow.revoked_at.set(now)],
        condition=DeviceRow.state != REVOKED,
    )
    if by is not None and by.id != device_id:
        require_active(transaction, by)
    add_record(
        transaction,
        account_of(guard),
        DEVICE_REVOKED,
        device_id=device_id,
        detail=by.id if by is not None else OPERATOR,
        actions=[AccountRow.devices.add(-1)],
        # A login begun by the release before this one is in no log, and shows here.
        condition=AccountRow.pending == guard.pending.as_dict(),
        now=now,
    )
    for login in snapshot.pending(now):
        bar_device(transaction, login, device_id=device_id)
    _take_back(transaction, _approved(snapshot, device_id, now=now)[:MAX_TRANSACTION_ITEMS], device_id, now=now)


def _approved(snapshot: AccountSnapshot, device_id: str, *, now: int) -> list[Login]:
    return [login for login in snapshot.logins if login.status(now) == APPROVED and login.decided_by == device_id]


def _take_back(transaction: TransactWrite, logins: list[Login], device_id: str, *, now: int) -> None:
    for login in logins:
        add_denial(transaction, login, device_id=device_id, reason=DEVICE_REVOKED, now=now)


def _take_back_in_advance(snapshot: AccountSnapshot, device_id: str, *, now: int) -> None:
    """Deny what is too much for one transaction: no phone keeps itself by approving more logins than fit in."""
    logins = _approved(snapshot, device_id, now=now)
    for start in range(MAX_TRANSACTION_ITEMS, len(logins), MAX_TRANSACTION_ITEMS):
        some = logins[start : start + MAX_TRANSACTION_ITEMS]
        transact(partial(_take_back, logins=some, device_id=device_id, now=now))
