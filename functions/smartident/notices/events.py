"""Events out: what the outbox holds also goes to the operator's own programs, where the operator names a bus.

Each event comes at least once, always with the same id. It says what happened to whom, and nothing that opens anything:
a program that acts on it looks the account up first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from smartident.accounts.account import read_account
from smartident.accounts.external_ids import external_ids_of
from smartident.notices.outbox import NoticeRow, is_ours
from smartident.storage import keys
from smartident.storage.operations import Update
from smartident.storage.writes import try_write

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1


class EventBus(Protocol):
    """Takes one event."""

    def send(self, event: Mapping[str, object]) -> None:
        """Send it; raises ServiceUnavailable."""


def publish(account_id: str, sort_key: str, *, bus: EventBus, now: int) -> None:
    """Tell the operator's own programs, unless it is known that they were told; raises ServiceUnavailable."""
    try:
        row = NoticeRow.get(account_id, sort_key, consistent_read=True)
    except NoticeRow.DoesNotExist:
        return
    if row.published_at or not is_ours(row):
        return
    bus.send(event_of(row))
    # A note that gets lost only means that they are told once more.
    try_write(Update(row, [NoticeRow.published_at.set(now)], NoticeRow.pk.exists()))


def event_of(row: NoticeRow) -> dict[str, object]:
    """The event as the bus gets it (docs/integrate/events.md)."""
    event: dict[str, object] = {
        "version": VERSION,
        "id": keys.part_of(row.sk),
        "type": row.event,
        "account_id": row.pk,
        "at": int(row.at),
        "by": row.by,
    }
    if not row.client:
        return event
    account = read_account(row.pk)
    names = {} if account is None else external_ids_of(account)
    return {**event, "client_id": row.client, "external_id": names.get(row.client)}
