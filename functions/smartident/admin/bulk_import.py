"""Bulk import: many accounts at once, each wholly or not at all, however often the run is broken off and begun again.

An account gets its number's lookup only after its own item, and its e-mail's after that. Its id comes of the run and
its place in it: what a broken run left behind, the same run writes over, and nobody else ever touches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.accounts.creation import (
    NewAccount,
    claim_numbers,
    delete_item,
    owners_of,
    put_email_lookups,
    put_items,
)
from smartident.crypto.pepper import derived_id
from smartident.storage.writes import MAX_TRANSACTION_ITEMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class ImportedAccount(NewAccount):
    """One account to import, and its place in the run."""

    place: int


def import_accounts(accounts: Sequence[ImportedAccount], *, run: str, now: int) -> set[int]:
    """Import what is not there yet; the places of those that this run imported. A number that is taken stays so."""
    ids = {one.place: _id_of(one, run) for one in accounts}
    taken = owners_of(one.number for one in accounts)
    new = {one.number: one for one in reversed(accounts) if one.number not in taken}
    put_items({ids[one.place]: one for one in new.values()}, now=now)
    ours = [one for one in accounts if taken.get(one.number) == ids[one.place]]
    ours += _claimed(list(new.values()), ids)
    put_email_lookups((ids[one.place], one.email) for one in ours if one.email)
    return {one.place for one in ours}


def _id_of(one: ImportedAccount, run: str) -> str:
    """Opaque as a random id, and the same again for the same place of the same run."""
    return derived_id("import", run, str(one.place), one.number)


def _claimed(new: Sequence[ImportedAccount], ids: Mapping[int, str]) -> list[ImportedAccount]:
    """Give each account its number, a hundred in one transaction; one by one where somebody was in the way of one."""
    claimed: list[ImportedAccount] = []
    for some in (new[start : start + MAX_TRANSACTION_ITEMS] for start in range(0, len(new), MAX_TRANSACTION_ITEMS)):
        if claim_numbers([(one.number, ids[one.place]) for one in some]):
            claimed += some
        else:
            claimed += [one for one in some if _claim(one, ids[one.place])]
    return claimed


def _claim(one: ImportedAccount, account_id: str) -> bool:
    """Give the number to the account, or take the account back if somebody else has the number by now."""
    if claim_numbers([(one.number, account_id)]):
        return True
    delete_item(account_id)
    return False
