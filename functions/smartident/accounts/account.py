"""Accounts: who can log in, each the aggregate of its devices and logins, its item and the lookups of that.

Only the modules of accounts/ name what the item holds; to everybody else it is opaque.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from smartident.accounts.item.mac import check_account
from smartident.accounts.item.row import AccountRow, read_item

DEFAULT_LANGUAGE = "de"  # What a person is told in where nobody said.


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
    frozen_at: int
    active_devices: int
    had_device: bool
    credential_version: int = field(compare=False)
    grant_epoch: int = field(compare=False)
    passkey_epoch: int = field(compare=False)
    trust_epoch: int = field(compare=False)
    recovery_codes_mac: str | None = field(compare=False, repr=False)
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
        frozen_at=int(item.frozen_at or 0),
        active_devices=int(item.active_devices),
        had_device=item.first_device_at is not None,
        credential_version=int(item.credential_version),
        grant_epoch=int(item.grant_epoch),
        passkey_epoch=int(item.passkey_epoch or 0),
        trust_epoch=int(item.trust_epoch),
        recovery_codes_mac=item.recovery_codes_mac,
        item=item,
    )


def read_account(account_id: str) -> Account | None:
    """The account as it stands now; None for one that is not there or that our own code has not written."""
    item = read_item(account_id)
    return account_of(item) if item is not None and check_account(item) else None
