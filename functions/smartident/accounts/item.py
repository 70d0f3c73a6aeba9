"""The account's item and its lookups. Only the modules of accounts/ name what they hold."""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from smartident.storage import keys
from smartident.storage.table import Row


class NumberRow(Row, discriminator="number"):
    """`NUMBER#<access number>` | `LOOKUP`: which account a number stands for."""

    account_id = UnicodeAttribute()


class EmailRow(Row, discriminator="email"):
    """`EMAIL#<normalised e-mail>` | `<account_id>`: one item per account, so several mean ambiguous."""


class AccountRow(Row, discriminator="account"):
    """`<account_id>` | `ACCOUNT`: the profile, and what is counted before a password or a code is looked at.

    The maps of password attempts have two kinds of keys: `<name kind>:<client address or hour>` holds what callers are
    told, a client address or hour alone what counts for the account (password_attempts.py).
    """

    access_number = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    two_factor = BooleanAttribute(null=True)
    password_hash = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    failed_attempts: Any = MapAttribute(default=dict)
    locked_until: Any = MapAttribute(default=dict)
    lockout_count: Any = MapAttribute(default=dict)
    failures_by_hour: Any = MapAttribute(default=dict)
    trusted_addresses: Any = MapAttribute(default=dict)
    pending_logins: Any = MapAttribute(default=dict)
    active_devices = NumberAttribute(default=0)
    # Rises with each new password and phone number: what was begun before ends.
    credential_version = NumberAttribute(default=0)
    wrong_sms_codes = UnicodeSetAttribute(null=True)
    wrong_sms_codes_day = NumberAttribute(default=0)
    audit_log_head = UnicodeAttribute(null=True)


def account_key(account_id: str) -> AccountRow:
    """The item of an account by its key alone, for a write."""
    return AccountRow(*keys.account(account_id))


def read_item(account_id: str, *, with_password_hash: bool = False) -> AccountRow | None:
    """The item of an account, or None; the password hash only for who checks one."""
    names = None if with_password_hash else [name for name in AccountRow.get_attributes() if name != "password_hash"]
    try:
        return AccountRow.get(*keys.account(account_id), consistent_read=True, attributes_to_get=names)
    except AccountRow.DoesNotExist:
        return None
