"""Answers that get lost on their way: the table did what it was asked, and botocore asks it again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from botocore.exceptions import ReadTimeoutError
from botocore.retries.standard import ExponentialBackoff

from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Sent:
    """What was sent of one operation, the repeats included."""

    operation: str
    lost: int
    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, request: Any, event_name: str, **_: Any) -> None:
        """Botocore's `before-send`, after moto has answered: raise, so that nobody hears of it."""
        if not event_name.endswith(f".{self.operation}"):
            return
        self.bodies.append(request.body)
        if len(self.bodies) <= self.lost:
            raise ReadTimeoutError(endpoint_url=request.url)


@contextmanager
def lost_answers(operation: str, times: int = 1) -> Iterator[Sent]:
    """Lose the answers of the next calls of an operation on the table; botocore repeats each without waiting."""
    sent, events = Sent(operation, times), Row.shared_connection().client.meta.events
    # A name of one operation would be heard before moto is.
    events.register_last("before-send", sent)
    try:
        with patch.object(ExponentialBackoff, "delay_amount", return_value=0):
            yield sent
    finally:
        events.unregister("before-send", sent)
