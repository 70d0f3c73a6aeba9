"""A queue, notices that are new in it: after the story (docs/flow.md)."""

from __future__ import annotations

from notify.step import publish_event, tell
from smartident.notify.email import SesEmail
from smartident.notify.event_bridge import EventBridge
from smartident.notify.sms import SnsSms
from smartident.streams.queue import entry


def take(account_id: str, sort_key: str, now: int) -> None:
    """Tell one notice: the operator's own programs first, where there is a bus, then the person."""
    publish_event(account_id, sort_key, bus=EventBridge(), now=now)
    tell(account_id, sort_key, email=SesEmail(), sms=SnsSms(), now=now)


handler = entry(take, outbox="notices")
