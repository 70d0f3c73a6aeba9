"""The grant epoch of an account: what was granted in an earlier one grants nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import GRANTED, AccountRow, fits_mac, read_attributes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.accounts.account_change import AccountChange
    from smartident.storage.table import Row

NO_EPOCH = -1


def read_grant_epoch(account_id: str) -> int:
    """The epoch of the account as it stands now."""
    item = read_attributes(account_id, ["pk", "sk", "kind", "account_mac", *GRANTED])
    return grant_epoch_in([] if item is None else [item])


def raise_passkey_epoch(change: AccountChange) -> int:
    """End all passkeys, but for those that the caller grants again in the epoch that this returns."""
    epoch = int(change.item.passkey_epoch or 0) + 1
    change.grant("passkey_epoch", epoch)
    return epoch


def grant_epoch_in(rows: Iterable[Row]) -> int:
    """The epoch of the account whose item is among these; no item was ever granted in that of none."""
    return next((int(row.grant_epoch) for row in rows if isinstance(row, AccountRow) and fits_mac(row)), NO_EPOCH)
