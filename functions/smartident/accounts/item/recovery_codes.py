"""Which set of recovery codes an account has: its item names the MAC of the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartident.accounts.account_change import AccountChange


def name_recovery_codes(change: AccountChange, mac: str | None) -> None:
    """Let the set of this MAC count from now on, and no other; None for no set at all."""
    change.grant("recovery_codes_mac", mac)
