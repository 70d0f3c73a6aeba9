"""How an account is frozen ("Zugang sperren"), by a device, by the link of a notice or by the operator: nobody gets in.

One device is enough, and no fingerprint: who freezes in need must not fumble. Opening asks for more (opening.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account_change import AccountChange, change_of
from smartident.accounts.item.freeze import freeze
from smartident.accounts.item.login_policy import stay_passkey_only
from smartident.clients.login_policy import PASSKEY_ONLY
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.freeze.ending import change_account, change_by_device
from smartident.notices.outbox import OPERATOR, notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.devices.device import Device
    from smartident.devices.snapshot import AccountSnapshot
    from smartident.logins.login import Login


def freeze_account(account_id: str, *, operator: str, now: int) -> None:
    """Let nobody in, on record with the operator. The same again changes nothing. Raises AccountNotFound."""

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.frozen:
            return None
        change = change_of(account)
        change.record("account_frozen", now=now, detail=operator)
        change.also([notice(account_id, "account_frozen", now=now, by=OPERATOR)])
        return frozen_by(change, read_snapshot(account_id, now=now), now=now)

    change_account(account_id, compose)


def freeze_by_device(device: Device, *, origin: str = "", now: int) -> Sequence[Login]:
    """Let nobody in, on record with the device that asks; the logins that ended. The same again changes nothing.

    Raises DeviceRevoked if the device is revoked meanwhile.
    """

    def compose(account: Account, snapshot: AccountSnapshot) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.frozen:
            return None
        change = change_of(account)
        change.record("account_frozen", now=now, device_id=device.id)
        change.also([notice(account.id, "account_frozen", now=now, origin=origin, by=device.name)])
        return frozen_by(change, snapshot, now=now)

    return change_by_device(device, compose, now=now)


def frozen_by(change: AccountChange, snapshot: AccountSnapshot, *, now: int) -> tuple[AccountChange, Sequence[Login]]:
    """The change with the freeze in it, and the logins that end by their state: registrations, codes and tokens too.

    To a browser and to a new phone every password is wrong from then on. A looser policy that waits comes to nothing.
    A phone that left for a new one within a day is back, and none leaves any more: the new one may be what the freeze
    is about.
    """
    freeze(change, now=now)
    if stay_passkey_only(change, now=now):
        change.record("login_policy_changed", now=now, detail=PASSKEY_ONLY)
    if snapshot.restorable:
        change.add_restored_devices(len(snapshot.restorable))
    for device in snapshot.restorable:
        change.record("device_restored", now=now, device_id=device.id)
    ended = snapshot.open_logins()
    begin_next_epoch(change, snapshot, ended={login.id for login in ended}, undo_retirements=True)
    return change, ended
