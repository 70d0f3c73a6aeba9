"""Items that a test alters by hand, given the MAC that our own code would have given them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.item.mac import account_mac, granted_of, password_mac
from smartident.accounts.item.row import AccountRow, account_key, read_item
from smartident.devices.device import DeviceRow, device_mac, device_of
from smartident.devices.registration import RegistrationRow, registration_mac, registration_of
from smartident.logins.login import LoginRow, login_mac, login_of

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.storage.table import Row


def grant(row: Row) -> Row:
    """The row with the MAC that fits it; one that grants nothing stays as it is."""
    if isinstance(row, LoginRow):
        row.mac = login_mac(login_of(row))
    elif isinstance(row, RegistrationRow):
        row.mac = registration_mac(registration_of(row))
    elif isinstance(row, DeviceRow):
        item = read_item(row.pk)
        row.mac = device_mac(device_of(row), int(item.grant_epoch) if item is not None else 0)
    elif isinstance(row, AccountRow):
        row.account_mac = account_mac(row.pk, granted_of(row))
    return row


def replace_hash(account: Account, password_hash: str) -> None:
    """Give the account this password hash, as an import does."""
    row = AccountRow.get(account.id, "ACCOUNT", consistent_read=True)
    row.password_hash, row.password_mac = password_hash, password_mac(account.id, password_hash)
    grant(row)
    account_key(account.id).update(
        actions=[
            AccountRow.password_hash.set(row.password_hash),
            AccountRow.password_mac.set(row.password_mac),
            AccountRow.account_mac.set(row.account_mac),
        ]
    )
