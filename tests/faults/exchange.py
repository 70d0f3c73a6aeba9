"""An exchange: one request of one caller, sent and sent again, and what must hold once it was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.faults.person import Heard, Person
    from tests.support.world import World

# What tells a caller to ask again; a WebSocket has no better word for it.
RETRY = {"503 service_unavailable", "503 sms_unavailable", "503 signing_unavailable"}
MAX_REPEATS = 3
# Whether a code went out is unknown after an outage: the next SMS then waits as long as after any.
PATIENCE = "429 too_many_attempts"
MAX_PATIENCE = 30


@dataclass
class Exchange:
    """`send` is the very same request each time; `anew` is how the app or the page makes it again."""

    person: Person
    send: Callable[[], Heard]
    anew: Callable[[], Heard]
    right: set[str]
    holds: Callable[[Exchange], None]
    retry: set[str] = field(default_factory=lambda: RETRY)
    again: set[str] = field(default_factory=set)
    heard: list[Heard] = field(default_factory=list)
    struck: str = ""
    made_anew: bool = False
    repeats_success: bool = True
    outage: bool = False

    @property
    def last(self) -> Heard:
        """What the caller heard last."""
        return self.heard[-1]

    def repeat(self) -> None:
        """Ask again as long as the service says so; the very same request comes once more in any case."""
        for turn in range(MAX_REPEATS):
            if self.outage and self.last.outcome == PATIENCE:
                assert self.last.body["retry_after"] <= MAX_PATIENCE
                self.retry = {*self.retry, PATIENCE}
                self.person.world.later(self.last.body["retry_after"])
            done = self.last.outcome not in self.retry
            if done and (turn or self.made_anew or not self.repeats_success):
                break
            self.heard.append(self.anew() if self.made_anew else self.send())

    def check(self) -> None:
        """Raise AssertionError unless each answer was right, or said to ask again, and what was asked for is there."""
        first, *others = (one.outcome for one in self.heard)
        assert first in self.right | self.retry, f"heard {self.outcomes()}"
        assert all(one in self.right | self.retry | self.again for one in others), f"heard {self.outcomes()}"
        assert self.last.outcome in self.right | self.again, f"heard {self.outcomes()}"
        self.holds(self)

    def outcomes(self) -> str:
        """All that the caller heard."""
        return ", ".join(one.outcome for one in self.heard)


@dataclass(frozen=True)
class Case:
    """A route's exchange in a world with these limits; what is `scarce` suffices for one, and for nobody in between."""

    route: str
    prepare: Callable[[World], Exchange]
    limits: Mapping[str, object] = field(default_factory=dict)
    scarce: bool = False

    @property
    def id(self) -> str:
        """Its name in the report."""
        limits = " ".join(f"{name}={value}" for name, value in self.limits.items())
        return f"{self.prepare.__name__} {limits}".strip()
