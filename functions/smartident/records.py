"""Records: what happened to an access besides its logins, which are their own record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.accesses import ACCESS, AccessRow, stands_at
from smartident.chains import after_record
from smartident.settings import settings
from smartident.table import DAY, Row
from smartident.tokens import newest_first, random_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.transactions import TransactWrite

    from smartident.accesses import Access


class RecordRow(Row, discriminator="record"):
    """`<access_id>` | `RECORD#<newest first><id>`: written with what it records, in one transaction."""

    type = UnicodeAttribute()
    at = NumberAttribute()
    device_id = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)


def add_record(
    transaction: TransactWrite,
    access: Access,
    event: str,
    *,
    now: int,
    device_id: str | None = None,
    detail: str | None = None,
    actions: Sequence[Any] = (),
    condition: Any = None,
) -> None:
    """Record an event with the change of the access that it is about: both stand or neither.

    The change holds only while the access's log stands where it stood when the access was read, and moves it on.
    """
    part = f"{newest_first(now)}{random_id()}"
    row = RecordRow(
        access.id,
        f"RECORD#{part}",
        type=event,
        at=now,
        device_id=device_id,
        detail=detail,
        after=str(access.log),
        ttl=now + settings().retention_days * DAY,
    )
    log = after_record(access.log, access.id, part, row.to_simple_dict())
    transaction.save(row, condition=Row.pk.does_not_exist())
    transaction.update(
        AccessRow(access.id, ACCESS),
        actions=[*actions, AccessRow.log.set(str(log))],
        condition=condition & stands_at(access.log),
    )
