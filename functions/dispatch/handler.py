"""The table's stream, what is new in the outboxes: after the story (docs/flow.md)."""

from __future__ import annotations

from dispatch.step import dispatch
from smartident.streams.sqs import Sqs
from smartident.streams.table import entry


def take(account_id: str, sort_key: str, _now: int) -> None:
    """Hand one item on."""
    dispatch(account_id, sort_key, queues=Sqs())


handler = entry(take)
