"""Records: what happened to an access besides its logins, which are their own record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.settings import settings
from smartident.table import DAY, Row
from smartident.tokens import newest_first, random_id

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite


class RecordRow(Row, discriminator="record"):
    """`<access_id>` | `RECORD#<newest first><id>`: written with what it records, in one transaction."""

    type = UnicodeAttribute()
    at = NumberAttribute()
    device_id = UnicodeAttribute(null=True)


def add_record(
    transaction: TransactWrite, access_id: str, event: str, *, now: int, device_id: str | None = None
) -> None:
    """Record an event with the change that it is about: both stand or neither."""
    row = RecordRow(
        access_id,
        f"RECORD#{newest_first(now)}{random_id()}",
        type=event,
        at=now,
        device_id=device_id,
        ttl=now + settings().retention_days * DAY,
    )
    transaction.save(row, condition=Row.pk.does_not_exist())
