"""What the item of an account holds; to everybody outside accounts/ it is opaque."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from smartident.storage import keys
from smartident.storage.operations import Update
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartident.storage.operations import FailedConditions


class AccountRow(Row, discriminator="account"):
    """`<account_id>` | `ACCOUNT`: the profile, and what is counted before a password or a code is looked at.

    The maps of password attempts have two kinds of keys: `<name kind>:<pool or hour>` holds what callers are told, a
    pool (client address or trusted browser) or hour alone what counts for the account (password_attempts.py).
    """

    access_number = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    external_ids = UnicodeSetAttribute(null=True)  # by what name each client knows the account (external_ids.py)
    two_factor = BooleanAttribute(null=True)
    frozen = BooleanAttribute(null=True)
    account_login_policy = UnicodeAttribute(null=True)  # login_policy.py
    frozen_at = NumberAttribute(null=True)
    password_hash = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    failed_attempts: Any = MapAttribute(default=dict)
    locked_until: Any = MapAttribute(default=dict)
    lockout_count: Any = MapAttribute(default=dict)
    # Client addresses and trusted browsers that a person said were not theirs.
    blocked_until: Any = MapAttribute(default=dict)
    failures_by_hour: Any = MapAttribute(default=dict)
    # Forgotten failed attempts: they only answer the question why a login failed (audit_log.py).
    past_failures = UnicodeSetAttribute(null=True)
    # Logins that began before no longer make the next one wait.
    unlocked_at = NumberAttribute(null=True)
    trusted_addresses: Any = MapAttribute(default=dict)
    # Rises with each new password: browsers that were trusted before are not. It grants only tries: no MAC covers it.
    trust_epoch = NumberAttribute(default=0)
    pending_logins: Any = MapAttribute(default=dict)
    # Only with UniformLogin: how many logins and decoys have begun.
    uniform_starts = NumberAttribute(default=0)
    active_devices = NumberAttribute(default=0)
    # Set once: removing every device does not make the next one a first device again.
    first_device_at = NumberAttribute(null=True)
    # Rises with each new password and phone number: what was begun before ends.
    credential_version = NumberAttribute(default=0)
    wrong_sms_codes = UnicodeSetAttribute(null=True)
    wrong_sms_codes_day = NumberAttribute(default=0)
    audit_log_head = UnicodeAttribute(null=True)
    countries = UnicodeAttribute(null=True)  # of its sessions; it grants nothing: no MAC covers it
    open_outcomes = UnicodeSetAttribute(null=True)  # of logins that no later entry of the log covers yet
    # Rises with each revocation, freeze, new password, switch of two-factor: what was granted before grants no more.
    grant_epoch = NumberAttribute(default=0)
    # Rises with each removed passkey: what somebody kept of it, and puts back, grants nothing more.
    passkey_epoch = NumberAttribute(null=True)
    # The MAC of the set of recovery codes that counts: another one, put back, lets nobody in.
    recovery_codes_mac = UnicodeAttribute(null=True)
    account_mac = UnicodeAttribute(null=True)
    password_mac = UnicodeAttribute(null=True)


def account_key(account_id: str) -> AccountRow:
    """The item of an account by its key alone, for a write."""
    return AccountRow(*keys.account(account_id))


def item_in_the_way(conflict: FailedConditions) -> AccountRow | None:
    """The item as a failed condition found it, or None if it is gone."""
    found: AccountRow | None = conflict.found(AccountRow)
    return found


def read_item(account_id: str, *, with_password_hash: bool = False) -> AccountRow | None:
    """The item of an account, or None; the password hash only for who checks one."""
    names = None if with_password_hash else [name for name in AccountRow.get_attributes() if name != "password_hash"]
    return read_attributes(account_id, names)


def read_attributes(account_id: str, names: Sequence[str] | None) -> AccountRow | None:
    """The item of an account with these attributes alone, or with all."""
    try:
        return AccountRow.get(*keys.account(account_id), consistent_read=True, attributes_to_get=names)
    except AccountRow.DoesNotExist:
        return None


def block_of(item: AccountRow, pool: str) -> int | None:
    """Until when an address or trusted browser is blocked by "not me", which may be over, or None."""
    until = item.blocked_until.as_dict().get(pool)
    return None if until is None else int(until)


def block_pools(account_id: str, pools: Iterable[str], *, until: int) -> Update:
    """Keep client addresses and trusted browsers from the account until then, by every name and with any password."""
    blocks = [AccountRow.blocked_until[pool].set(until) for pool in pools]
    return Update(account_key(account_id), blocks, AccountRow.pk.exists())
