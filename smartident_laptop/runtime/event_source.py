"""Lambda's event source mapping on the laptop: the table's stream reaches the function that the template names.

As in Lambda: filtered, in batches, and from the first record that failed on once more.
"""

from __future__ import annotations

import contextlib
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smartident_laptop.runtime.containers import FunctionFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartident_laptop.template import Template

RETRY_SECONDS = 1.0
Record = dict[str, Any]


@dataclass(frozen=True)
class EventSource:
    """What a stream brings to a function: records that match one of the patterns, so many at once."""

    function: str
    patterns: tuple[dict[str, Any], ...]
    batch_size: int


def event_sources(template: Template) -> list[EventSource]:
    """What the table's stream brings to which function of the template."""
    sources = []
    for _, declared in template.resources("AWS::Lambda::EventSourceMapping"):
        properties = template.resolve(declared)
        patterns = tuple(json.loads(one["Pattern"]) for one in properties["FilterCriteria"]["Filters"])
        function = str(properties["FunctionName"]).partition(".")[0]
        sources.append(EventSource(function, patterns, int(properties["BatchSize"])))
    return sources


class EventSources:
    """Delivers the stream to each function that has a mapping, in a thread of its own, until it is stopped."""

    def __init__(
        self,
        sources: Sequence[EventSource],
        records_after: Callable[[int], list[Record]],
        invoke: Callable[[str, Record], Any],
        on_failure: Callable[[str], None],
    ) -> None:
        self._records_after = records_after
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
                records = self._records_after(seen)
            seen += len(records)
            self._deliver(source, [one for one in records if any(matches(one, each) for each in source.patterns)])

    def _deliver(self, source: EventSource, records: list[Record]) -> None:
        while records and not self._stopping.is_set():
            batch, rest = records[: source.batch_size], records[source.batch_size :]
            failed = self._failed(source, batch)
            if failed:
                self._stopping.wait(RETRY_SECONDS)
            records = failed + rest

    def _failed(self, source: EventSource, batch: list[Record]) -> list[Record]:
        """The records that come again: those from the first that failed on."""
        try:
            answer = self._invoke(source.function, {"Records": batch})
        except FunctionFailed as failure:
            self._on_failure(str(failure))
            return batch
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
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
