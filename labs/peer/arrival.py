"""How soon the page moves on after the phone's decision, and what it costs that somebody waits."""

from __future__ import annotations

import random
import statistics
import threading
import time
from typing import TYPE_CHECKING, Any

from labs.peer.load import percentile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from labs.peer.load import Person, Spent

SEED = 7
# Between the page's waiting and the phone's decision, so that no question of the page is in step with it.
THINKING = (0.3, 1.3)


def arrivals(people: Sequence[Person], count: int) -> dict[str, Any]:
    """Milliseconds from the decision sent to the page knowing, and to the page being logged in."""
    dice = random.Random(SEED)  # noqa: S311  no secret
    heard, finished = [], []
    for turn in range(count):
        person = people[turn % len(people)]
        times: dict[str, float] = {}
        login = person.start()
        page = threading.Thread(target=_waits, args=(person, login, times))
        page.start()
        time.sleep(dice.uniform(*THINKING))
        sent = person.approve(login)
        page.join()
        person.leave()
        heard.append((times["heard"] - sent) * 1000)
        finished.append((times["finished"] - sent) * 1000)
    return {"logins": count, "heard_ms": _spread(heard), "finished_ms": _spread(finished)}


def _waits(person: Person, login: Any, times: dict[str, float]) -> None:
    person.hear(login)
    times["heard"] = time.perf_counter()
    person.finish(login)
    times["finished"] = time.perf_counter()


def waiting(people: Sequence[Person], seconds: float, spent: Callable[[], Spent]) -> dict[str, float]:
    """CPU milliseconds of the servers for each second that one page waits; everybody's login is approved at last."""
    logins = [person.start() for person in people]
    pages = [
        threading.Thread(target=_waits, args=(person, login, {})) for person, login in zip(people, logins, strict=True)
    ]
    for page in pages:
        page.start()
    time.sleep(1)
    before, began = spent(), time.perf_counter()
    time.sleep(seconds)
    after, waited = spent(), (time.perf_counter() - began) * len(people)
    for person, login in zip(people, logins, strict=True):
        person.approve(login)
    for page, person in zip(pages, people, strict=True):
        page.join()
        person.leave()
    return {name: (after[name] - before[name]) / waited * 1000 for name in after}


def _spread(values: list[float]) -> dict[str, float]:
    return {"p50": statistics.median(values), "p95": percentile(values, 0.95), "p99": percentile(values, 0.99)}
