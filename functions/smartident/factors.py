"""Factors: whether a login waits for the phone, or the password alone is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accesses import AccessRow, read_access
from smartident.records import add_record
from smartident.table import Conflict, transact

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite


def switch_two_factor(access_id: str, *, on: bool, now: int) -> None:
    """Switch two-factor login on or off, on record; as it is already, nothing changes.

    Raises Conflict if there is no such access, or if something else was entered into its log just now.
    """
    access = read_access(access_id)
    if access is None:
        raise Conflict
    if access.two_factor == on:
        return

    def compose(transaction: TransactWrite) -> None:
        add_record(
            transaction,
            access,
            "two_factor_changed",
            detail="on" if on else "off",
            actions=[AccessRow.two_factor.set(on)],
            now=now,
        )

    transact(compose)
