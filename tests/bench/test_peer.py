"""The comparison beside a peer counts and tells as it says."""

from __future__ import annotations

import itertools
import os
from typing import Any

import pytest

from bench.cpu_time import descendants, living, spent
from labs.peer.load import log_in_for, percentile
from labs.peer.report import section

SPREAD = {"p50": 1.0, "p95": 2.0, "p99": 3.0}


def side(parts: dict[str, float], per_second: float) -> dict[str, Any]:
    load = {
        "at_once": 1,
        "per_second": per_second,
        "median_ms": 1.0,
        "p95_ms": 1.0,
        "errors": [],
        "cpu_ms": parts,
        "client_cpu_ms": 1.0,
        "foreign_cores": 0.1,
    }
    return {
        "loads": {name: [load, load] for name in ("own", "same", "none")},
        "enrolment": {"cpu_ms": parts},
        "arrival": {"heard_ms": SPREAD, "finished_ms": SPREAD},
        "waiting": parts,
    }


def found(functions: float, moto: float, per_second: float = 30.0) -> dict[str, Any]:
    theirs = side({"server": 540.0, "database": 60.0}, 7.6)
    theirs |= {"versions": {"privacyIDEA": "1", "PostgreSQL": "2"}, "workers": 2, "users": 1000}
    machine = {"cores": 2, "processor": "one", "python": "3.13"}
    ours = side({"functions": functions, "gateway": 0.0, "database": moto}, per_second)
    return {"machine": machine, "date": "2026-01-01", "people": 100, "theirs": theirs, "ours": ours}


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)], ids=["half", "p95", "p99", "all"]
)
def test_a_percentile_is_one_of_the_values(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value


def test_a_goal_that_does_not_hold_is_said_plainly() -> None:
    text = section(found(functions=60.0, moto=50.0, per_second=10.0))
    assert "1/6 of its CPU with the same hash (100 ms) | **does not hold**: 110 ms | holds: 60 ms |" in text
    assert "1/15 of its CPU with its own hash (40 ms) | **does not hold**: 110 ms | **does not hold**: 60 ms |" in text
    assert "(privacyIDEA: 7.6) | **does not hold**: 10.0 |" in text


def test_a_goal_that_holds_is_said_too() -> None:
    text = section(found(functions=30.0, moto=5.0))
    assert "**does not hold**" not in text
    assert "| everything on the machine, databases included | 600 | 35 | 17.1 |" in text


class Nobody:
    """Somebody whose login fails every other time."""

    def __init__(self) -> None:
        self.times = 0

    def start(self) -> None:
        self.times += 1
        if self.times % 2 == 0:
            raise OSError("gone")

    def approve(self, _: object) -> float:
        return 0.0

    def hear(self, _: object) -> None: ...

    def finish(self, _: object) -> None: ...

    def leave(self) -> None: ...


def test_failed_logins_are_errors_and_never_logins() -> None:
    nobody = Nobody()
    clock = itertools.count().__next__  # a second later at each look, so that ten seconds are five logins
    load = log_in_for(10, [nobody], at_once=1, spent=lambda: {"server": float(nobody.times)}, clock=clock)
    assert (nobody.times, load.logins, len(load.errors)) == (5, 3, 2)
    assert load.median_ms == 1000
    assert load.cpu_ms["server"] == pytest.approx(5 / 3 * 1000)


def test_a_family_of_processes_is_the_leader_and_all_below_it() -> None:
    processes = living()
    assert os.getpid() in descendants(processes[os.getpid()].parent, processes)
    assert spent(os.getpid(), running="no such program") == 0
