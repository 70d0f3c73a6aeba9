"""Factors: whether a login waits for the phone, or the password alone is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.account import AccountRow
from smartident.accounts.audit_log import add_record
from smartident.admin.change import insist, write_and_end
from smartident.devices.snapshot import read_snapshot
from smartident.logins.login import APPROVED

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

    from smartident.accounts.account import Account


def switch_two_factor(account_id: str, *, on: bool, now: int) -> None:
    """Switch two-factor login on or off, on record; as it is already, nothing changes.

    Switched on, it also ends what the password alone has begun and nobody completed. Raises Conflict if there is no
    such account, or if it is never at rest.
    """
    actions: list[Any] = [AccountRow.two_factor.set(on)]

    def amend(account: Account) -> None:
        if account.two_factor == on:
            return

        def compose(transaction: TransactWrite) -> None:
            detail = "on" if on else "off"
            add_record(transaction, account, "two_factor_changed", detail=detail, actions=actions, now=now)

        logins = read_snapshot(account_id, now=now).logins
        alone = [login for login in logins if login.status(now) == APPROVED and login.decided_by is None]
        write_and_end(compose, alone)

    insist(account_id, amend)
