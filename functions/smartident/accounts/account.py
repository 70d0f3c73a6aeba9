"""Accounts: who can log in, each the aggregate of its devices and logins, its item and the lookups of that.

Only the modules of accounts/ name what the item holds; to everybody else it is opaque.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.storage import keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smartident.storage.operations import FailedConditions

# What the account's MAC covers. The password's hash is covered by `password_mac`, so that only who checks it reads it.
COUNTS = ("active_devices", "credential_version", "grant_epoch", "passkey_epoch")
GRANTED = ("access_number", "email", "phone", "external_ids", "two_factor", "frozen", "password_mac", *COUNTS)
DEFAULT_LANGUAGE = "de"  # What a person is told in where nobody said.


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


class AccountNotFound(Exception):  # noqa: N818  named as a refusal is; only operators hear it
    """There is no such account."""


@dataclass(frozen=True)
class Account:
    """One account as it stood when it was read; secrets stay out of its repr."""

    id: str
    number: str = field(repr=False)
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    language: str
    two_factor: bool
    frozen: bool
    active_devices: int
    had_device: bool
    credential_version: int = field(compare=False)
    grant_epoch: int = field(compare=False)
    passkey_epoch: int = field(compare=False)
    trust_epoch: int = field(compare=False)
    item: AccountRow = field(compare=False, repr=False)

    @property
    def needs_first_device(self) -> bool:
        """Whether its logins wait for a phone, and it has none yet."""
        return self.two_factor and not self.active_devices

    @property
    def waits_for_phone(self) -> bool:
        """Whether its logins wait for the approval of a phone."""
        return self.two_factor and self.active_devices > 0


def account_of(item: AccountRow) -> Account:
    """The account that an item holds."""
    return Account(
        id=item.pk,
        number=item.access_number,
        display_name=item.display_name,
        email=item.email,
        phone=item.phone,
        language=item.language or DEFAULT_LANGUAGE,
        two_factor=bool(item.two_factor),
        frozen=bool(item.frozen),
        active_devices=int(item.active_devices),
        had_device=item.first_device_at is not None,
        credential_version=int(item.credential_version),
        grant_epoch=int(item.grant_epoch),
        passkey_epoch=int(item.passkey_epoch or 0),
        trust_epoch=int(item.trust_epoch),
        item=item,
    )


def read_account(account_id: str) -> Account | None:
    """The account as it stands now; None for one that is not there or that our own code has not written."""
    item = read_item(account_id)
    return account_of(item) if item is not None and check_account(item) else None


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


def block_of(item: AccountRow, pool: str) -> int | None:
    """Until when an address or trusted browser is blocked by "not me", which may be over, or None."""
    until = item.blocked_until.as_dict().get(pool)
    return None if until is None else int(until)
