"""The grant epoch of an account: what was granted in an earlier one grants nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smartident.accounts.external_ids import external_ids_in
from smartident.accounts.item.mac import GRANTED, fits_mac
from smartident.accounts.item.row import AccountRow, read_attributes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.accounts.account_change import AccountChange
    from smartident.storage.table import Row

NO_EPOCH = -1


class Standing(NamedTuple):
    """What an account says of itself now: its grant epoch, by which name each client knows it, its login policy."""

    grant_epoch: int
    known_as: dict[str, str]
    login_policy: str | None = None


def read_standing(account_id: str) -> Standing:
    """How the account stands now; of one that our own code has not written, nothing is believed."""
    item = read_attributes(account_id, ["pk", "sk", "kind", "account_mac", *GRANTED])
    if item is None or not fits_mac(item):
        return Standing(NO_EPOCH, {})
    return Standing(int(item.grant_epoch), external_ids_in(item), item.account_login_policy)


def raise_passkey_epoch(change: AccountChange) -> int:
    """End all passkeys, but for those that the caller grants again in the epoch that this returns."""
    epoch = int(change.item.passkey_epoch or 0) + 1
    change.grant("passkey_epoch", epoch)
    return epoch


def grant_epoch_in(rows: Iterable[Row]) -> int:
    """The epoch of the account whose item is among these; no item was ever granted in that of none."""
    return next((int(row.grant_epoch) for row in rows if isinstance(row, AccountRow) and fits_mac(row)), NO_EPOCH)
