"""After the story: what is new in the outboxes goes to the queue of the function that tells it.

Two functions read the table's stream, this one and `push`; DynamoDB advises against a third. Whom a message is for,
and whether it arrives, does not matter here: no address outside holds the stream up.
"""

from __future__ import annotations

from typing import Protocol

from smartident.settings import DispatchSettings, settings_of
from smartident.storage.ciba_keys import PINGS
from smartident.storage.client_keys import LOGOUTS
from smartident.storage.keys import NOTICES


class Queues(Protocol):
    """Where messages wait for who takes them."""

    def send(self, queue_url: str, account_id: str, sort_key: str) -> None:
        """Put the name of an item into a queue; raises ServiceUnavailable."""


def dispatch(account_id: str, sort_key: str, *, queues: Queues) -> None:
    """Have an item of an outbox told, by who tells its kind; raises ServiceUnavailable if no queue took it.

    The stream may bring an item twice, and then it is twice in its queue: who tells it expects that.
    """
    queue_url = _queue_of(sort_key, settings_of(DispatchSettings))
    if queue_url is not None:
        queues.send(queue_url, account_id, sort_key)


def _queue_of(sort_key: str, settings: DispatchSettings) -> str | None:
    """The queue for an item; None for what is in no outbox."""
    queues = {NOTICES: settings.notices_queue, PINGS: settings.pings_queue, LOGOUTS: settings.logouts_queue}
    return next((queue for prefix, queue in queues.items() if sort_key.startswith(prefix)), None)
