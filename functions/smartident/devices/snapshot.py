"""The snapshot of an account: its devices and recent logins, in the one consistent Query that decisions rest on."""

from __future__ import annotations

from dataclasses import dataclass

from smartident.accounts.item.freeze import frozen_at_in
from smartident.accounts.item.grant_epoch import grant_epoch_in
from smartident.accounts.limits.pending_logins import RECENT_SECONDS
from smartident.crypto.item_mac import report_forged
from smartident.devices.device import REVOKED, Device, DeviceRow, device_of, is_granted_device
from smartident.errors import LoginNotFound
from smartident.logins.login import APPROVED, PENDING, Login, LoginRow, is_decoy, login_of
from smartident.logins.reading import first_completion, is_granted
from smartident.lost_phone.delayed import Delayed, DelayedRow, delayed_of, is_granted_delayed
from smartident.pairing.pairing import Pairing, PairingRow, is_granted_pairing, pairing_of
from smartident.storage import keys
from smartident.storage.table import DAY, Row


@dataclass(frozen=True)
class AccountSnapshot:
    """What an account has now: its devices by id, and its logins of the last hour, newest first."""

    account_id: str
    devices: dict[str, Device]
    logins: tuple[Login, ...]
    # The new phone that waits for one of these devices.
    pairing: Pairing | None = None
    # The kinds of items in it that our own code has not written: they count as none.
    forged: tuple[str, ...] = ()
    # When the account was frozen, or 0.
    frozen_at: int = 0
    read_at: int = 0
    # A phone that comes in by itself after a wait, unless somebody stops it.
    delayed: Delayed | None = None
    # Devices that left for a new one, which a freeze still lets back in.
    restorable: tuple[Device, ...] = ()

    def pending(self, now: int) -> list[Login]:
        """The logins that wait for a decision."""
        return [login for login in self.logins if login.status(now) == PENDING]

    def open_logins(self) -> list[Login]:
        """The logins whose state may still lead to a session, whatever their time says."""
        return [login for login in self.logins if login.is_open]

    def login(self, login_id: str) -> Login:
        """One of these logins; raises LoginNotFound for any other, another account's included."""
        for login in self.logins:
            if login.id == login_id:
                return login
        raise LoginNotFound

    def other_devices(self, than: Device) -> list[Device]:
        """The other devices that may decide, oldest first."""
        others = [one for one in self.active_devices() if one.id != than.id]
        return sorted(others, key=lambda device: (device.registered_at, device.id))

    def active_devices(self) -> list[Device]:
        """The devices that may ask and decide."""
        return [device for device in self.devices.values() if device.active]


def retired_at(device: Device, snapshot: AccountSnapshot) -> tuple[int, Device] | None:
    """Since when an active device is retired, and by which one: from the first completed login of that one on.

    Not before the new one has cooled off. Only an account with something to retire pays the Query.
    """
    for new in snapshot.active_devices():
        if new.retires == device.id and (new.cool_off_until or 0) <= snapshot.read_at:
            completed = first_completion(device.account_id, device_id=new.id, since=new.registered_at)
            if completed is not None:
                return max(completed, new.cool_off_until or 0), new
    return None


def leaves_for(new_id: str, snapshot: AccountSnapshot) -> Device | None:
    """The active device that has left for this one by now, if nobody has written that down yet."""
    new = snapshot.devices.get(new_id)
    old = None if new is None or new.retires is None or not new.active else snapshot.devices.get(new.retires)
    if old is None or not old.active or retired_at(old, snapshot) is None:
        return None
    return old


def read_snapshot(account_id: str, *, now: int) -> AccountSnapshot:
    """The snapshot of an account; an account that does not exist has an empty one."""
    snapshot = _read(account_id, now=now)
    if snapshot.forged:
        # A revocation on its way writes the account and its items at once, and a Query may meet it half-way.
        snapshot = _read(account_id, now=now)
    for kind in snapshot.forged:
        report_forged(kind)
    return snapshot


def _read(account_id: str, *, now: int) -> AccountSnapshot:
    wanted = Row.sk.between(*keys.account_devices_and_logins_since(now - RECENT_SECONDS))
    rows = list(Row.query(account_id, wanted, consistent_read=True))
    epoch = grant_epoch_in(rows)
    devices = [device_of(row) for row in rows if isinstance(row, DeviceRow)]
    logins = [login_of(row) for row in rows if isinstance(row, LoginRow) and not is_decoy(row)]
    forged_devices = [one.id for one in devices if one.active and not is_granted_device(one, grant_epoch=epoch)]
    open_logins = [one for one in logins if one.status(now) in {PENDING, APPROVED}]
    forged_logins = [one.id for one in open_logins if not is_granted(one, grant_epoch=epoch)]
    pairings = [pairing_of(row) for row in rows if isinstance(row, PairingRow)]
    forged_pairings = ["pairing" for one in pairings if not is_granted_pairing(one)]
    # One of an epoch before has ended, and is no forgery.
    pairing = next((one for one in pairings if is_granted_pairing(one) and one.grant_epoch == epoch), None)
    delayed = [delayed_of(row) for row in rows if isinstance(row, DelayedRow)]
    forged = [*("device" for _ in forged_devices), *("login" for _ in forged_logins), *forged_pairings]
    forged += ["delayed_registration" for one in delayed if not is_granted_delayed(one)]
    left = [one for one in devices if one.state == REVOKED and one.retired_by and (one.revoked_at or 0) > now - DAY]
    restorable = tuple(one for one in left if is_granted_device(one, grant_epoch=epoch))
    forged += ["device" for one in left if one not in restorable]
    return AccountSnapshot(
        account_id,
        {device.id: device for device in devices if device.id not in forged_devices},
        tuple(login for login in logins if login.id not in forged_logins),
        pairing,
        tuple(forged),
        frozen_at_in(rows),
        now,
        next((one for one in delayed if is_granted_delayed(one) and one.grant_epoch == epoch), None),
        restorable,
    )
