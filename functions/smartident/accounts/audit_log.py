"""Records: what happened to an account besides its logins, which are their own record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.accounts.account import ACCOUNT, AccountRow, stands_at
from smartident.crypto.hash_chain import after_record
from smartident.crypto.random import random_id
from smartident.settings import settings
from smartident.storage.ids import newest_first
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.transactions import TransactWrite

    from smartident.accounts.account import Account


class AuditRecordRow(Row, discriminator="record"):
    """`<account_id>` | `RECORD#<newest first><id>`: written with what it records, in one transaction."""

    type = UnicodeAttribute()
    at = NumberAttribute()
    device_id = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)


def add_record(
    transaction: TransactWrite,
    account: Account,
    event: str,
    *,
    now: int,
    device_id: str | None = None,
    detail: str | None = None,
    actions: Sequence[Any] = (),
    condition: Any = None,
) -> None:
    """Record an event with the change of the account that it is about: both stand or neither.

    The change holds only while the account's log stands where it stood when the account was read, and moves it on.
    """
    part = f"{newest_first(now)}{random_id()}"
    row = AuditRecordRow(
        account.id,
        f"RECORD#{part}",
        type=event,
        at=now,
        device_id=device_id,
        detail=detail,
        after=str(account.log),
        ttl=now + settings().retention_days * DAY,
    )
    log = after_record(account.log, account.id, part, row.to_simple_dict())
    transaction.save(row, condition=Row.pk.does_not_exist())
    transaction.update(
        AccountRow(account.id, ACCOUNT),
        actions=[*actions, AccountRow.log.set(str(log))],
        condition=condition & stands_at(account.log),
    )
