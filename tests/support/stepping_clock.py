"""The edge's clock as one that moves a step at each look, so that what it waits for is counted and not timed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartident.http import answers, api

if TYPE_CHECKING:
    import pytest

STEP = 0.007


@dataclass
class SteppingClock:
    """Stands for the module `time` in the edge: nothing waits for real, and what was waited for is kept."""

    seconds: int
    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def time(self) -> float:
        """The wall clock."""
        return self.seconds

    def monotonic(self) -> float:
        """A step later than at the last look."""
        self.now += STEP
        return self.now

    def sleep(self, seconds: float) -> None:
        """Be so much later."""
        self.slept.append(seconds)
        self.now += seconds


def stepping_clock(patch: pytest.MonkeyPatch, seconds: int) -> SteppingClock:
    """Give the edge a stepping clock."""
    clock = SteppingClock(seconds)
    for edge in (api, answers):
        patch.setattr(edge, "time", clock)
    return clock
