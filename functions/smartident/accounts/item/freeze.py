"""Whether an account is frozen, and since when: until it is opened, no password of it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.item.mac import fits_mac
from smartident.accounts.item.row import AccountRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.accounts.account_change import AccountChange
    from smartident.storage.table import Row


def freeze(change: AccountChange, *, now: int) -> None:
    """Let no password or recovery code be right from now on, trust no browser, and end every registration."""
    change.grant("frozen", value=True)
    change.grant("recovery_codes_mac", None)
    change.grant("frozen_at", now)
    change.forget_browsers()
    change.end_registrations()


def open_again(change: AccountChange) -> None:
    """Let the right password be right again."""
    change.grant("frozen", value=False)
    change.grant("frozen_at", 0)


def frozen_at_in(rows: Iterable[Row]) -> int:
    """When the account whose item is among these was frozen, or 0 if it is open."""
    return next((int(row.frozen_at or 0) for row in rows if isinstance(row, AccountRow) and fits_mac(row)), 0)
