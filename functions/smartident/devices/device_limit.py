"""How many devices an account may have: asked before an SMS is spent, and again in the write that adds one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.errors import DeviceLimitReached
from smartident.settings import settings

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.account_change import AccountChange


def check_device_limit(account: Account) -> None:
    """Raise DeviceLimitReached if the account has no place for one more device."""
    if account.active_devices >= settings().devices_per_account:
        raise DeviceLimitReached


def add_device(change: AccountChange, *, now: int) -> None:
    """Count one more device, on condition that the account still has a place for it."""
    change.add_device(limit=settings().devices_per_account, now=now)
