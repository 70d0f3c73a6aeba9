"""What a person finds in the notices that came by e-mail."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from smartident_laptop.stack import Stack

WITHIN = 15


def link_to(stack: Stack, account_id: str = "") -> str:
    """The link in the newest notice that somebody, or the owner of an account, got by e-mail."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        mails: list[dict[str, Any]] = httpx.get(f"{stack.url}/mail.json").json()["messages"]
        links = [found[0] for one in mails if (found := re.search(rf"http\S+/freeze/#{account_id}\S+", one["text"]))]
        if links:
            return links[-1]
        time.sleep(0.05)
    raise TimeoutError("no notice with a link")
