"""The table's stream, what is new in it and waits for a phone: after step 6 (docs/flow.md)."""

from __future__ import annotations

from push.step import wake
from smartident.push.web_push import WebPush
from smartident.streams.table import entry


def take(account_id: str, sort_key: str, now: int) -> None:
    """Wake the phones of one account."""
    wake(account_id, sort_key, service=WebPush(), now=now)


handler = entry(take)
