"""Load: people who log in one after the other or at once, what it took them, and what it took the servers."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bench.cpu_time import busy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Person(Protocol):
    """Somebody with a page and a phone; a login is these five, in this order."""

    def start(self) -> Any:
        """Give the password; what names the login to the rest."""

    def approve(self, login: Any) -> float:
        """Approve on the phone; when the decision was sent."""

    def hear(self, login: Any) -> None:
        """Have the page learn of the approval."""

    def finish(self, login: Any) -> None:
        """Be logged in."""

    def leave(self) -> None:
        """Close every connection."""


MAX_TOLD = 20
Spent = dict[str, float]


@dataclass(frozen=True)
class Load:
    """What a stretch of logins took; CPU milliseconds are those of one login."""

    at_once: int
    logins: int
    errors: list[str]
    per_second: float
    median_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms: Spent
    client_cpu_ms: float
    foreign_cores: float

    def told(self) -> dict[str, Any]:
        """The figures for a file."""
        return asdict(self)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so great a share of them does not exceed."""
    ordered = sorted(values)
    return next(value for place, value in enumerate(ordered, start=1) if place >= share * len(ordered))


def log_in(person: Person) -> None:
    """One login, without the time that people take."""
    try:
        login = person.start()
        person.approve(login)
        person.hear(login)
        person.finish(login)
    finally:
        person.leave()


def log_in_for(
    seconds: float,
    people: Sequence[Person],
    *,
    at_once: int,
    spent: Callable[[], Spent],
    clock: Callable[[], float] = time.perf_counter,
) -> Load:
    """Let people log in, so many at once, each time the next of them, until the time is over."""
    took: list[float] = []
    errors: list[str] = []
    until = clock() + seconds
    threads = [
        threading.Thread(target=_take_turns, args=(people[place::at_once], until, took, errors, clock))
        for place in range(at_once)
    ]
    before, busy_before, client_before, began = spent(), busy(), time.process_time(), clock()
    _run(threads)
    elapsed, client, whole = clock() - began, time.process_time() - client_before, busy() - busy_before
    servers = {name: seconds - before[name] for name, seconds in spent().items()}
    if not took:
        raise RuntimeError(f"nobody could log in: {errors[:3]}")
    return _load(at_once, took, errors, elapsed=elapsed, client=client, servers=servers, whole=whole)


def _run(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _load(
    at_once: int,
    took: list[float],
    errors: list[str],
    *,
    elapsed: float,
    client: float,
    servers: Spent,
    whole: float,
) -> Load:
    return Load(
        at_once=at_once,
        logins=len(took),
        errors=errors[:MAX_TOLD],
        per_second=len(took) / elapsed,
        median_ms=statistics.median(took) * 1000,
        p95_ms=percentile(took, 0.95) * 1000,
        p99_ms=percentile(took, 0.99) * 1000,
        cpu_ms={name: seconds / len(took) * 1000 for name, seconds in servers.items()},
        client_cpu_ms=client / len(took) * 1000,
        foreign_cores=max(0.0, whole - client - sum(servers.values())) / elapsed,
    )


def _take_turns(
    people: Sequence[Person], until: float, took: list[float], errors: list[str], clock: Callable[[], float]
) -> None:
    for person in itertools.cycle(people):
        began = clock()
        if began >= until:
            return
        try:
            log_in(person)
        except Exception as error:  # noqa: BLE001  whatever happens to a person is counted and told
            errors.append(f"{type(error).__name__}: {error}")
        else:
            took.append(clock() - began)
