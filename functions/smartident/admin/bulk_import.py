"""Imports: many accounts at once, each wholly or not at all, however often the run is broken off and begun again.

An account gets its number's lookup only after its own row, and its e-mail's after that. Its id comes of the run and
its place in it: what a broken run left behind, the same run writes over, and nobody else ever touches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartident.accounts.account import ACCOUNT, LOOKUP, AccountRow, EmailRow, NumberRow
from smartident.crypto.pepper import derived_id
from smartident.storage.table import Conflict, Row, put_new, transact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pynamodb.transactions import TransactWrite

# What one transaction may hold.
MAX_TRANSACTION_ITEMS = 100


@dataclass(frozen=True)
class NewAccount:
    """One account to import, all of it checked and in its normal form; `password_hash` is as the table keeps it."""

    place: int
    number: str = field(repr=False)
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    two_factor: bool
    password_hash: str = field(repr=False)


def import_accounts(newcomers: Sequence[NewAccount], *, run: str, now: int) -> set[int]:
    """Import what is not there yet; the places of those that stand by this run. A number that is taken stays so."""
    ids = {one.place: _id_of(one, run) for one in newcomers}
    taken = _taken([one.number for one in newcomers])
    new = {one.number: one for one in reversed(newcomers) if one.number not in taken}
    with Row.batch_write() as batch:
        for one in new.values():
            batch.save(_row_of(one, ids[one.place], now=now))
    ours = [one for one in newcomers if taken.get(one.number) == ids[one.place]]
    ours += _claimed(list(new.values()), ids)
    with Row.batch_write() as batch:
        for one in ours:
            if one.email:
                batch.save(EmailRow(f"EMAIL#{one.email}", ids[one.place]))
    return {one.place for one in ours}


def _id_of(one: NewAccount, run: str) -> str:
    """Opaque as a random id, and the same again for the same place of the same run."""
    return derived_id("import", run, str(one.place), one.number)


def _taken(numbers: Sequence[str]) -> Mapping[str, str]:
    keys = [(f"NUMBER#{number}", LOOKUP) for number in set(numbers)]
    found = NumberRow.batch_get(keys, consistent_read=True)
    return {row.pk.removeprefix("NUMBER#"): row.account_id for row in found}


def _claimed(new: Sequence[NewAccount], ids: Mapping[int, str]) -> list[NewAccount]:
    """Give each account its number, a hundred in one transaction; one by one where somebody was in the way of one."""
    claimed: list[NewAccount] = []
    for some in (new[start : start + MAX_TRANSACTION_ITEMS] for start in range(0, len(new), MAX_TRANSACTION_ITEMS)):
        try:
            _claim_together(some, ids)
        except Conflict:
            claimed += [one for one in some if _claim(one, ids[one.place])]
        else:
            claimed += some
    return claimed


def _claim_together(some: Sequence[NewAccount], ids: Mapping[int, str]) -> None:
    def compose(transaction: TransactWrite) -> None:
        for one in some:
            row = NumberRow(f"NUMBER#{one.number}", LOOKUP, account_id=ids[one.place])
            transaction.save(row, condition=Row.pk.does_not_exist())

    transact(compose)


def _claim(one: NewAccount, account_id: str) -> bool:
    """Give the number to the account, or take the account back if somebody else has the number by now."""
    try:
        put_new(NumberRow(f"NUMBER#{one.number}", LOOKUP, account_id=account_id))
    except Conflict:
        # The same write sent twice, its first answer lost, finds its own number.
        if _taken([one.number]).get(one.number) == account_id:
            return True
        AccountRow(account_id, ACCOUNT).delete()
        return False
    return True


def _row_of(one: NewAccount, account_id: str, *, now: int) -> AccountRow:
    return AccountRow(
        account_id,
        ACCOUNT,
        access_number=one.number,
        email=one.email,
        display_name=one.display_name,
        phone=one.phone,
        two_factor=one.two_factor,
        password_hash=one.password_hash,
        created_at=now,
    )
