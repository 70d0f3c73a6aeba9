"""Factors: whether a login waits for the phone, or the password alone is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accesses import AccessRow
from smartident.amendments import insist, write_and_end
from smartident.logins import APPROVED
from smartident.overviews import read_overview
from smartident.records import add_record

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

    from smartident.accesses import Access


def switch_two_factor(access_id: str, *, on: bool, now: int) -> None:
    """Switch two-factor login on or off, on record; as it is already, nothing changes.

    Switched on, it also ends what the password alone has begun and nobody completed. Raises Conflict if there is no
    such access, or if it is never at rest.
    """
    actions: list[Any] = [AccessRow.two_factor.set(on)]

    def amend(access: Access) -> None:
        if access.two_factor == on:
            return

        def compose(transaction: TransactWrite) -> None:
            detail = "on" if on else "off"
            add_record(transaction, access, "two_factor_changed", detail=detail, actions=actions, now=now)

        logins = read_overview(access_id, now=now).logins
        alone = [login for login in logins if login.status(now) == APPROVED and login.decided_by is None]
        write_and_end(compose, alone)

    insist(access_id, amend)
