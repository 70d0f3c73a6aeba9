"""The audit log: what happened to an account besides its logins, which are entries of the log themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.hash_chain import Head, head_after_record, read_head, root
from smartident.crypto.random import random_id
from smartident.settings import settings
from smartident.storage import keys
from smartident.storage.ids import newest_first
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.accounts.account import AccountRow


class AuditRecordRow(Row, discriminator="record"):
    """`<account_id>` | `RECORD#<newest first><id>`: written with what it records, in one transaction."""

    type = UnicodeAttribute()
    at = NumberAttribute()
    device_id = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)


def head_of(item: AccountRow) -> Head:
    """Where the account's audit log ended when the item was read."""
    return read_head(item.audit_log_head) if item.audit_log_head else root(item.pk)


def record_of(
    item: AccountRow, event: str, *, now: int, device_id: str | None, detail: str | None
) -> tuple[AuditRecordRow, Head]:
    """The record of an event, and the head of the log once it is entered."""
    before, part = head_of(item), f"{newest_first(now)}{random_id()}"
    row = AuditRecordRow(
        *keys.audit_record(item.pk, part),
        type=event,
        at=now,
        device_id=device_id,
        detail=detail,
        after=str(before),
        ttl=now + settings().retention_days * DAY,
    )
    return row, head_after_record(before, item.pk, part, row.to_simple_dict())


def read_records(account_id: str, *, after: str, limit: int) -> Iterator[AuditRecordRow]:
    """The records that sort after a cursor, newest first."""
    return AuditRecordRow.query(
        account_id,
        AuditRecordRow.sk.between(*keys.audit_records_after(after)),
        consistent_read=True,
        limit=limit,
    )
