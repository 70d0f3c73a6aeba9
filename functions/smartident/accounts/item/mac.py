"""The MAC over what an account grants: who can only write the table lets nobody in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.accounts.item.row import AccountRow

# What the account's MAC covers. The password's hash is covered by `password_mac`, so that only who checks it reads it.
COUNTS = ("active_devices", "credential_version", "grant_epoch", "passkey_epoch", "frozen_at", "first_device_at")
POLICIES = ("two_factor", "account_login_policy", "frozen")
GRANTED = ("access_number", "email", "phone", "external_ids", *POLICIES, "password_mac", "recovery_codes_mac", *COUNTS)


def granted_of(item: AccountRow) -> dict[str, object]:
    """What the item grants, as its MAC covers it."""
    members = {name: getattr(item, name) for name in GRANTED}
    counts = {name: int(members[name] or 0) for name in COUNTS}
    return {**members, **counts, "two_factor": bool(item.two_factor), "frozen": bool(item.frozen)}


def account_mac(account_id: str, granted: Mapping[str, object]) -> str:
    """The MAC of an account that grants this."""
    members = (granted[name] for name in GRANTED)
    return grant_mac("account", account_id, *(sorted(one) if isinstance(one, set) else one for one in members))


def password_mac(account_id: str, password_hash: str | None) -> str:
    """The MAC that ties a password hash to its account."""
    return grant_mac("password", account_id, password_hash)


def check_account(item: AccountRow) -> bool:
    """Whether our own code has written what the item grants; anything else rings the alarm."""
    if fits_mac(item):
        return True
    report_forged("account")
    return False


def fits_mac(item: AccountRow) -> bool:
    """Whether the item's MAC covers what it grants."""
    return is_genuine(item.account_mac, account_mac(item.pk, granted_of(item)))
