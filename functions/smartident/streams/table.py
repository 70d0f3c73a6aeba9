"""The table's stream, for the functions behind it: this alone parses its batches and reads the clock for them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from smartident.errors import ServiceUnavailable
from smartident.telemetry import begin_request, log_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    Take = Callable[[str, str, int], None]

Batch = dict[str, Any]


def now() -> int:
    """The time in epoch seconds; steps get it as an argument."""
    return int(time.time())


def entry(take: Take) -> Callable[[Batch, Any], dict[str, list[dict[str, str]]]]:
    """The Lambda handler of a stream: each record's keys go to `take`, and what fails comes again.

    Lambda repeats a batch from the first record that failed, so those behind it come again too: `take` has to bear
    that. A step that raises ServiceUnavailable asks to come again; everything else is a fault.
    """

    def handler(event: Batch, context: Any) -> dict[str, list[dict[str, str]]]:
        begin_request(context.aws_request_id)
        failed = [one["dynamodb"] for one in event["Records"] if not is_taken(*_keys(one), take)]
        return {"batchItemFailures": [{"itemIdentifier": one["SequenceNumber"]} for one in failed]}

    return handler


def is_taken(account_id: str, sort_key: str, take: Take) -> bool:
    """Whether `take` is through with one item; if not, it has to come again."""
    try:
        take(account_id, sort_key, now())
    except ServiceUnavailable:
        # Said by the step, which asks for it again.
        return False
    except Exception as error:  # noqa: BLE001  one record's fault is not its neighbours'
        log_fault(error)
        return False
    return True


def _keys(record: Batch) -> tuple[str, str]:
    keys = record["dynamodb"]["Keys"]
    return keys["pk"]["S"], keys["sk"]["S"]
