"""A queue, sessions that ended: after the story (docs/flow.md)."""

from __future__ import annotations

from back_channel_logout.step import tell_clients
from smartident.outbound.post import post
from smartident.streams.queue import entry


def take(account_id: str, sort_key: str, now: int) -> None:
    """Tell the clients of one logout."""
    tell_clients(account_id, sort_key, post=post, now=now)


handler = entry(take, outbox="logouts")
