"""The simulation: every person is a small program that waits, asks and is answered; one clock runs them all."""

from __future__ import annotations

import heapq
import itertools
import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labs.scale.arrivals import (
    FIRST_POLL,
    LAST_POLL,
    LIFETIME,
    NEVER,
    PATIENCE,
    RECONNECTS,
    ROUND_TRIP,
    SLOWER,
    Crowd,
)
from labs.scale.service import STATUS, Service, Throttled

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from labs.scale.quotas import Quotas


@dataclass
class Ending:
    """What became of everybody, and what they waited for the service, in seconds."""

    started: int = 0
    completed: int = 0
    gave_up: int = 0
    never_decided: int = 0
    polled: int = 0
    begun: list[float] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)


@dataclass
class Page:
    """A waiting page: whether its WebSocket speaks, and when it asks next if it does not."""

    expires: float
    live: bool = False
    done: bool = False
    looks_at: float = 0.0
    polls: int = 0


class GaveUp(Exception):  # noqa: N818  what a person does
    """Turned away too often."""


class LoadSimulation:
    """One run: a crowd in front of a service with quotas."""

    def __init__(self, crowd: Crowd, quotas: Quotas, seed: int = 1) -> None:
        self.crowd = crowd
        self.dice = random.Random(seed)  # noqa: S311  a simulation's dice
        self.service = Service(quotas, self.dice)
        self.ending = Ending()
        self.now = 0.0
        self._agenda: list[tuple[float, int, Iterator[float]]] = []
        self._order = itertools.count()

    def run(self) -> Ending:
        """Let everybody come and go."""
        arrivals = self.crowd.arrivals(self.dice)
        self._start(next(arrivals, None), arrivals)
        while self._agenda:
            self.now, _, program = heapq.heappop(self._agenda)
            wait = next(program, None)
            if wait is not None:
                self._plan(wait, program)
        return self.ending

    def _plan(self, wait: float, program: Iterator[float]) -> None:
        heapq.heappush(self._agenda, (self.now + wait, next(self._order), program))

    def _start(self, at: float | None, arrivals: Iterator[float]) -> None:
        """Put the next person on the agenda, who puts the one after."""
        if at is not None:
            heapq.heappush(self._agenda, (at, next(self._order), self._person(arrivals)))

    def _person(self, arrivals: Iterator[float]) -> Generator[float, None, None]:
        self._start(next(arrivals, None), arrivals)
        self.ending.started += 1
        try:
            yield from self._login()
        except GaveUp:
            self.ending.gave_up += 1

    def _login(self) -> Generator[float, None, None]:
        """Password, page, phone, token."""
        came = self.now
        yield from self._asked("POST /v1/logins")
        self.ending.begun.append(self.now - came)
        page = Page(expires=self.now + LIFETIME)
        for program in (self._connecting(page), self._polling(page)):
            self._plan(0, program)
        try:
            yield from self._approval(page)
        finally:
            page.done = True

    def _approval(self, page: Page) -> Generator[float, None, None]:
        """The person takes the phone, decides, and the page moves on."""
        if self.dice.random() < NEVER:
            self.ending.never_decided += 1
            yield LIFETIME
            return
        yield self.crowd.opening(self.dice)
        yield from self._asked("GET /v1/approvals")
        yield self.crowd.deciding(self.dice)
        if self.now > page.expires:
            self.ending.never_decided += 1
            return
        tapped = self.now
        yield from self._asked("POST /v1/approvals/{login_id}")
        if not (page.live and self.service.posts(self.now)):
            yield max(0.0, page.looks_at - self.now)
            yield from self._asked(STATUS.route)
        yield from self._asked("POST /v1/logins/{login_id}/complete")
        self.ending.moved.append(self.now - tapped)
        self.ending.completed += 1

    def _connecting(self, page: Page) -> Generator[float, None, None]:
        """A WebSocket while there is none, with growing pauses."""
        for pause in RECONNECTS:
            if page.done:
                return
            try:
                yield from self._once("$connect")
                yield from self._once("$default")
                page.live = True
            except Throttled:
                page.live = False
            if page.live:
                return
            yield pause * self.dice.uniform(0.5, 1)

    def _polling(self, page: Page) -> Generator[float, None, None]:
        """Questions as long as there is no WebSocket, ever more slowly."""
        wait = FIRST_POLL
        while not page.done:
            page.looks_at = self.now + wait
            yield wait
            if page.live or page.done:
                return
            page.polls += 1
            self.ending.polled += page.polls == 1
            with suppress(Throttled):
                yield from self._once(STATUS.route)
            wait = min(wait * SLOWER, LAST_POLL)

    def _asked(self, route: str) -> Generator[float, None, None]:
        """Ask until it is answered; raises GaveUp."""
        for pause in (*PATIENCE, None):
            try:
                yield from self._once(route)
            except Throttled:
                if pause is None:
                    raise GaveUp(route) from None
                yield pause * self.dice.uniform(0.5, 1.5)
            else:
                return

    def _once(self, route: str) -> Generator[float, None, None]:
        """One request, there and back; raises Throttled."""
        yield ROUND_TRIP / 2
        self.service.admit(route, self.now)
        cold = self.service.occupy(route, self.now)
        seconds, failed = self.service.work(route, self.now + cold)
        taken = self.service.occupied(cold + seconds)
        self._plan(taken, self._released(route, cold + seconds))
        yield cold + seconds + ROUND_TRIP / 2
        if failed is not None:
            raise Throttled(failed)

    def _released(self, route: str, seconds: float) -> Iterator[float]:
        self.service.release(route, seconds)
        yield from ()
