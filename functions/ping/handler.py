"""A queue, decisions that a client waits for: after step 8 of the story (docs/flow.md)."""

from __future__ import annotations

from ping.step import tell_client
from smartident.outbound.post import post
from smartident.streams.queue import entry


def take(account_id: str, sort_key: str, now: int) -> None:
    """Tell one client that it may ask."""
    tell_client(account_id, sort_key, post=post, now=now)


handler = entry(take, outbox="pings")
