"""The queues behind the table's stream, for the functions that tell what is in the outboxes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from smartident.storage.ciba_keys import PINGS
from smartident.storage.client_keys import LOGOUTS
from smartident.storage.keys import NOTICES
from smartident.streams.table import is_taken
from smartident.telemetry import begin_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.streams.table import Batch, Take

PREFIXES = {"notices": NOTICES, "pings": PINGS, "logouts": LOGOUTS}


def entry(take: Take, *, outbox: str) -> Callable[[Batch, Any], dict[str, list[dict[str, str]]]]:
    """The Lambda handler of a queue: each item of the outbox goes to `take`, and what fails comes again by itself.

    SQS may bring a message twice: `take` has to bear that. What names another item is a fault, and ends in the
    dead-letter queue.
    """

    def take_own(account_id: str, sort_key: str, now: int) -> None:
        if not sort_key.startswith(PREFIXES[outbox]):
            raise ValueError("a message of another queue")
        take(account_id, sort_key, now)

    def is_through(message: Batch) -> bool:
        item = json.loads(message["body"])
        return is_taken(item["pk"], item["sk"], take_own)

    def handler(event: Batch, context: Any) -> dict[str, list[dict[str, str]]]:
        begin_request(context.aws_request_id)
        failed = [one["messageId"] for one in event["Records"] if not is_through(one)]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    return handler
