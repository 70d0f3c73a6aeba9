"""Accounts: who can log in, each the aggregate of its devices and logins."""

from __future__ import annotations

from dataclasses import dataclass, field

from smartident.accounts.item import AccountRow, read_item


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
    two_factor: bool
    active_devices: int
    credential_version: int = field(compare=False)
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
        two_factor=bool(item.two_factor),
        active_devices=int(item.active_devices),
        credential_version=int(item.credential_version),
        item=item,
    )


def read_account(account_id: str) -> Account | None:
    """The account as it stands now, or None."""
    item = read_item(account_id)
    return None if item is None else account_of(item)
