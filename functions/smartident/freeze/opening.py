"""How a frozen account is opened again: by a device that it had a day before the freeze, or by the operator.

A device that came within that day may be what the freeze is about, so its approval key does not open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account_change import AccountChange, change_of
from smartident.accounts.item.freeze import open_again
from smartident.devices.device import check_cooled_off
from smartident.errors import ApprovalInvalid, OpeningNotAllowed
from smartident.freeze.ending import change_account, change_by_device
from smartident.notices.outbox import OPERATOR, notice
from smartident.storage.table import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.devices.device import Device
    from smartident.devices.snapshot import AccountSnapshot
    from smartident.logins.login import Login
    from smartident.statements.opening import SignedOpening

# So long before the freeze a device must have been there to open.
KNOWN_SECONDS = DAY


def open_account(account_id: str, *, operator: str, now: int) -> None:
    """Let the owner in again, on record with the operator; what the freeze ended stays ended.

    The same again changes nothing. Raises AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if not account.frozen:
            return None
        change = change_of(account)
        open_again(change)
        change.record("account_opened", now=now, detail=operator)
        change.also([notice(account_id, "account_opened", now=now, by=OPERATOR)])
        return change, ()

    change_account(account_id, compose)


def open_by_device(device: Device, signed: SignedOpening, *, origin: str = "", now: int) -> None:
    """Let the owner in again, on record with what the device's approval key signed. The same again changes nothing.

    Raises OpeningNotAllowed, CoolingOff, DeviceRevoked, or ApprovalInvalid if it was signed for another freeze.
    """

    def compose(account: Account, _: AccountSnapshot) -> tuple[AccountChange, Sequence[Login]] | None:
        if not account.frozen:
            return None
        check_cooled_off(device, now=now)
        if not was_known(device, account.frozen_at):
            raise OpeningNotAllowed
        if signed.frozen_at != account.frozen_at:
            raise ApprovalInvalid("signed to open after another freeze")
        change = change_of(account)
        open_again(change)
        change.record(
            "account_opened", now=now, device_id=device.id, statement=signed.statement, receipt=signed.receipt
        )
        change.also([notice(account.id, "account_opened", now=now, origin=origin, by=device.name)])
        return change, ()

    change_by_device(device, compose, now=now)


def may_open(device: Device, frozen_at: int, *, now: int) -> bool:
    """Whether the device's approval key opens the account after this freeze."""
    cools_off = device.cool_off_until is not None and device.cool_off_until > now
    return not cools_off and was_known(device, frozen_at)


def was_known(device: Device, frozen_at: int) -> bool:
    """Whether the account had the device a day before it was frozen."""
    return device.registered_at <= frozen_at - KNOWN_SECONDS
