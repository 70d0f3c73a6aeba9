"""CPU time of each request of the code flow, from the processes that answer it: medians over batches."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from labs.openid_peer.code_flow import CodeFlow

AUTHORIZATION, TOKEN, USERINFO = REQUESTS = ("authorization", "token", "userinfo")
Spent = dict[str, float]
T = TypeVar("T")


@dataclass
class Side:
    """A provider, the CPU seconds of its parts so far, and what each batch's requests took, in ms each."""

    flow: CodeFlow
    spent: Callable[[], Spent]
    took: dict[str, list[Spent]] = field(default_factory=lambda: {request: [] for request in REQUESTS})

    def batch(self, requests: int) -> None:
        """So many authorizations, then the token requests of their codes, then userinfo with their tokens."""
        codes = self._counted(AUTHORIZATION, [self.flow.authorize] * requests)
        tokens = self._counted(TOKEN, [partial(self.flow.token, code) for code in codes])
        self._counted(USERINFO, [partial(self.flow.userinfo, token) for token in tokens])

    def forget(self) -> None:
        """What was counted while everything warmed up."""
        for batches in self.took.values():
            batches.clear()

    def medians(self) -> dict[str, Spent]:
        """Of each request the median batch of each part, and of all parts together."""
        return {request: medians(batches) for request, batches in self.took.items()}

    def _counted(self, request: str, calls: Sequence[Callable[[], T]]) -> list[T]:
        before = self.spent()
        answers = [call() for call in calls]
        each = 1000 / len(calls)
        self.took[request].append({part: (now - before[part]) * each for part, now in self.spent().items()})
        return answers


def medians(batches: Sequence[Spent]) -> Spent:
    """The median of each part, and of the sums: all."""
    parts = {part: statistics.median(batch[part] for batch in batches) for part in batches[0]}
    return {**parts, "all": statistics.median(sum(batch.values()) for batch in batches)}


def measure(sides: Sequence[Side], batches: int, requests: int) -> None:
    """One batch to warm up, then the sides in turn, so that other work on the machine meets both."""
    for side in sides:
        side.batch(requests)
        side.forget()
    for _ in range(batches):
        for side in sides:
            side.batch(requests)
