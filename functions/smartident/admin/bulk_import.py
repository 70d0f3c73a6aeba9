"""Bulk import: many accounts at once, each wholly or not at all, however often the run is broken off and begun again.

An account gets its number's lookup only after its own item, and its e-mail's after that. Its id comes of the run and
its place in it: what a broken run left behind, the same run writes over, and nobody else ever touches.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartident.accounts.creation import (
    NewAccount,
    claim_numbers,
    delete_item,
    owners_of,
    put_items,
    share_emails,
)
from smartident.crypto.pepper import derived_id
from smartident.storage.writes import MAX_TRANSACTION_ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


# The batches of one process count together who shares an e-mail.
_SHARING = threading.Lock()


@dataclass(frozen=True)
class AccountToImport:
    """One account to import, its place in the run, and how its password hash is made: only if it is not there yet."""

    place: int
    number: str = field(repr=False)
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    two_factor: bool
    make_password_hash: Callable[[], str] = field(repr=False)
    language: str | None = None

    def new_account(self) -> NewAccount:
        """The account, its password hashed."""
        return NewAccount(
            self.number,
            self.display_name,
            self.email,
            self.phone,
            self.two_factor,
            self.make_password_hash(),
            self.language,
        )


@dataclass(frozen=True)
class Imported:
    """The ids of the accounts that a run imported, by their places, and who among them goes by the number only."""

    ids: Mapping[int, str]
    by_number_only: frozenset[int]

    @property
    def places(self) -> frozenset[int]:
        """Their places in the run."""
        return frozenset(self.ids)


def import_accounts(accounts: Sequence[AccountToImport], *, run: str, now: int) -> Imported:
    """Import what is not there yet. A number that is taken stays so."""
    ids = {one.place: _id_of(one, run) for one in accounts}
    taken = owners_of(one.number for one in accounts)
    new = {one.number: one for one in reversed(accounts) if one.number not in taken}
    put_items({ids[one.place]: one.new_account() for one in new.values()}, now=now)
    ours = [one for one in accounts if taken.get(one.number) == ids[one.place]]
    ours += _claimed(list(new.values()), ids)
    with _SHARING:
        sharing = share_emails([(ids[one.place], one.email) for one in ours if one.email])
    found = {one.place: ids[one.place] for one in ours}
    return Imported(found, frozenset(place for place, account_id in found.items() if account_id in sharing))


def _id_of(one: AccountToImport, run: str) -> str:
    """Opaque as a random id, and the same again for the same place of the same run."""
    return derived_id("import", run, str(one.place), one.number)


def _claimed(new: Sequence[AccountToImport], ids: Mapping[int, str]) -> list[AccountToImport]:
    """Give each account its number, a hundred in one transaction; one by one where somebody was in the way of one."""
    claimed: list[AccountToImport] = []
    for some in (new[start : start + MAX_TRANSACTION_ITEMS] for start in range(0, len(new), MAX_TRANSACTION_ITEMS)):
        if claim_numbers([(one.number, ids[one.place]) for one in some]):
            claimed += some
        else:
            claimed += [one for one in some if _claim(one, ids[one.place])]
    return claimed


def _claim(one: AccountToImport, account_id: str) -> bool:
    """Give the number to the account, or take the account back if somebody else has the number by now."""
    if claim_numbers([(one.number, account_id)]):
        return True
    delete_item(account_id)
    return False
