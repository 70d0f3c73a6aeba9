"""The next grant epoch: a revocation, a new password or another two-factor setting ends what was granted before.

What stays valid is granted again in the same transaction. So an item that somebody kept from before, and puts back,
grants nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.devices.device import Device, grant_device_again, undo_retirement
from smartident.logins.login import PENDING
from smartident.logins.reading import is_granted
from smartident.logins.transitions import bar_device, grant_login_again
from smartident.sessions.logout_outbox import sessions_ended

if TYPE_CHECKING:
    from collections.abc import Collection

    from smartident.accounts.account_change import AccountChange
    from smartident.devices.snapshot import AccountSnapshot
    from smartident.logins.login import Login
    from smartident.storage.operations import Operation

# So many are granted again, the newest first: more never wait, and an approval is over within a minute.
MAX_REGRANTED_LOGINS = 20


def begin_next_epoch(
    change: AccountChange,
    snapshot: AccountSnapshot,
    *,
    ended: Collection[str] = (),
    revoked: str | None = None,
    undo_retirements: bool = False,
) -> None:
    """Raise the account's epoch, and grant again its devices and open logins.

    Not the logins whose ids are `ended`, nor the device `revoked`, which is kept from those that still wait.
    A device that left within a day stays restorable, or is restored (`undo_retirements`).
    """
    epoch = change.raise_grant_epoch()
    devices = [*snapshot.active_devices(), *snapshot.restorable]
    again = [_device_again(one, epoch, undo=undo_retirements) for one in devices if one.id != revoked]
    # By their state: the service's clock, which decides what is over, may be another than the operator's.
    stay = [login for login in snapshot.open_logins() if login.id not in ended]
    # What was granted in an epoch before, or never, is not granted by this.
    granted = [login for login in stay if is_granted(login, grant_epoch=epoch - 1)]
    change.also(again + [_again(login, revoked, epoch) for login in granted[:MAX_REGRANTED_LOGINS]])
    # Sessions are not granted again: their clients hear that they ended.
    change.also([sessions_ended(snapshot.account_id, grant_epoch=epoch - 1, now=snapshot.read_at)])


def _device_again(device: Device, epoch: int, *, undo: bool) -> Operation:
    if undo and (device.retires or device.retired_by):
        return undo_retirement(device, grant_epoch=epoch)
    return grant_device_again(device, grant_epoch=epoch)


def _again(login: Login, revoked: str | None, epoch: int) -> Operation:
    if revoked is not None and login.state == PENDING:
        return bar_device(login, device_id=revoked, grant_epoch=epoch)
    return grant_login_again(login, grant_epoch=epoch)
