"""How a device gets another name, on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.devices.device import Device, DeviceRow, read_device
from smartident.errors import DeviceNotFound
from smartident.storage import keys
from smartident.storage.operations import Again, Update
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def rename_device(account_id: str, device_id: str, *, name: str, now: int) -> Device:
    """Give a device another name, on record once; raises DeviceNotFound."""

    def attempt(_: None) -> Device | Again[None]:
        account, device = read_account(account_id), read_device(account_id, device_id)
        if account is None or device is None:
            raise DeviceNotFound
        if device.name == name:
            return device
        return write_name(account, device, name=name, now=now) or replace(device, name=name)

    return retry(attempt, None)


def write_name(account: Account, device: Device, *, name: str, now: int) -> Again[None] | None:
    """Write the name and its record while device and audit log are as they were read."""
    row = DeviceRow(*keys.device(account.id, device.id))
    named = Update(row, [DeviceRow.name.set(name)], DeviceRow.name == device.name)
    change = change_of(account)
    change.record("device_renamed", now=now, device_id=device.id, detail=name)
    return write(named, *change.operations(), on_conflict=lambda _: Again(None))
