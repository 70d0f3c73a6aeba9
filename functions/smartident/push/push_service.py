"""The push services of browsers, as a port: tests must read what is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class PushAnswer:
    """What a push service answered: its status, 0 if there was no answer, and when it takes the next message (429)."""

    status: int
    retry_after: str = ""


class PushService(Protocol):
    """Sends one message to one endpoint, once."""

    def post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> PushAnswer:
        """Send it within two seconds and follow no redirect; never raises, because no state may depend on it."""
