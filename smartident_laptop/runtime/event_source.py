"""Lambda's event source mappings on the laptop: the table's stream and the queues reach the functions of the template.

As in Lambda: filtered, in batches, and what failed once more; of a stream all from the first record that failed on, of
a queue those messages alone.
"""

from __future__ import annotations

import contextlib
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from smartident_laptop.runtime.containers import FunctionFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartident_laptop.template import Template

RETRY_SECONDS = 1.0
STREAM = "Table.StreamArn"
Record = dict[str, Any]


class Records(Protocol):
    """What mappings read."""

    def stream_records(self, after: int) -> list[Record]:
        """The records of the table's stream beyond so many."""

    def messages(self, queue: str, after: int) -> list[Record]:
        """The messages of a queue beyond so many."""


@dataclass(frozen=True)
class EventSource:
    """What is brought to a function, so many at once: a queue's messages, or what matches a pattern in the stream."""

    function: str
    patterns: tuple[dict[str, Any], ...]
    batch_size: int
    queue: str | None = None

    def wants(self, record: Record) -> bool:
        """Whether this record is for the function."""
        return self.queue is not None or any(matches(record, one) for one in self.patterns)


def event_sources(template: Template) -> list[EventSource]:
    """What is brought to which function of the template."""
    sources = []
    for _, declared in template.resources("AWS::Lambda::EventSourceMapping"):
        properties = template.resolve(declared)
        rules = properties.get("FilterCriteria", {}).get("Filters", ())
        patterns = tuple(json.loads(one["Pattern"]) for one in rules)
        function = str(properties["FunctionName"]).partition(".")[0]
        source = properties["EventSourceArn"]
        queue = None if source == STREAM else str(source).partition(".")[0]
        sources.append(EventSource(function, patterns, int(properties["BatchSize"]), queue))
    return sources


class EventSources:
    """Delivers to each function that has a mapping, in a thread of its own, until it is stopped."""

    def __init__(
        self,
        sources: Sequence[EventSource],
        records: Records,
        invoke: Callable[[str, Record], Any],
        on_failure: Callable[[str], None],
    ) -> None:
        self._records = records
        self._invoke, self._on_failure = invoke, on_failure
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=[one], name="stream", daemon=True) for one in sources]

    def start(self) -> None:
        """Begin to deliver."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Deliver no more."""
        self._stopping.set()

    def _run(self, source: EventSource) -> None:
        seen = 0
        while not self._stopping.is_set():
            records: list[Record] = []
            # The cloud ends before this thread does.
            with contextlib.suppress(OSError, ValueError):
                records = self._records_after(source, seen)
            seen += len(records)
            self._deliver(source, [one for one in records if source.wants(one)])

    def _records_after(self, source: EventSource, seen: int) -> list[Record]:
        if source.queue is None:
            return self._records.stream_records(seen)
        return self._records.messages(source.queue, seen)

    def _deliver(self, source: EventSource, records: list[Record]) -> None:
        while records and not self._stopping.is_set():
            batch, rest = records[: source.batch_size], records[source.batch_size :]
            failed = self._failed(source, batch)
            if failed:
                self._stopping.wait(RETRY_SECONDS)
            # Nobody waits for a message that failed.
            records = failed + rest if source.queue is None else rest + failed

    def _failed(self, source: EventSource, batch: list[Record]) -> list[Record]:
        """The records that come again."""
        try:
            answer = self._invoke(source.function, {"Records": batch})
        except FunctionFailed as failure:
            self._on_failure(str(failure))
            return batch
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        if source.queue is not None:
            return [one for one in batch if one["messageId"] in failed]
        first = next((n for n, one in enumerate(batch) if one["dynamodb"]["SequenceNumber"] in failed), len(batch))
        return batch[first:]


def matches(record: Any, pattern: Any) -> bool:
    """Whether a record fits an event pattern: each member of the pattern, by a value or a prefix."""
    if isinstance(pattern, dict):
        return isinstance(record, dict) and all(matches(record.get(name), one) for name, one in pattern.items())
    return any(_fits(record, one) for one in pattern)


def _fits(value: object, rule: object) -> bool:
    if isinstance(rule, dict):
        if rule.keys() != {"prefix"}:
            raise ValueError(f"the laptop does not know this rule of an event pattern: {json.dumps(rule)}")
        return isinstance(value, str) and value.startswith(rule["prefix"])
    return value == rule
