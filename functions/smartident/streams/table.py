"""The table's stream, for the functions behind it: this alone parses its batches and reads the clock for them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from smartident.errors import ServiceUnavailable
from smartident.telemetry import begin_request, log_fault

if TYPE_CHECKING:
    from collections.abc import Callable

Batch = dict[str, Any]


def now() -> int:
    """The time in epoch seconds; steps get it as an argument."""
    return int(time.time())


def entry(take: Callable[[str, str, int], None]) -> Callable[[Batch, Any], dict[str, list[dict[str, str]]]]:
    """The Lambda handler of a stream: each record's keys go to `take`, and what fails comes again.

    Lambda repeats a batch from the first record that failed, so those behind it come again too: `take` has to bear
    that. A step that raises ServiceUnavailable asks to come again; everything else is a fault.
    """

    def handler(event: Batch, context: Any) -> dict[str, list[dict[str, str]]]:
        begin_request(context.aws_request_id)
        failed = [record for record in event["Records"] if not _taken(record, take)]
        return {"batchItemFailures": [{"itemIdentifier": one["dynamodb"]["SequenceNumber"]} for one in failed]}

    return handler


def _taken(record: Batch, take: Callable[[str, str, int], None]) -> bool:
    keys = record["dynamodb"]["Keys"]
    try:
        take(keys["pk"]["S"], keys["sk"]["S"], now())
    except ServiceUnavailable:
        # Said by the step, which asks for it again.
        return False
    except Exception as error:  # noqa: BLE001  one record's fault is not its neighbours'
        log_fault(error)
        return False
    return True
