"""What `make bench` measures is what it says: the floor makes the handlers' calls, and nothing grows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench import report
from bench.cassette import ENROLMENT, LOGIN, Cassette
from bench.floor import Floor
from smartident_laptop.template import ROOT

JOURNEYS = {LOGIN: 12, ENROLMENT: 14}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a quick run left what it found; its responder refuses every call that the cassette does not hold there."""
    folder = tmp_path_factory.mktemp("bench")
    subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "database", "work"],
        cwd=ROOT,
        env={**os.environ, "BENCH_FOLDER": str(folder), "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}"},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def cassette(folder: Path) -> Cassette:
    return Cassette.read(folder / "cassette")


def found(folder: Path, part: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize("journey", JOURNEYS)
def test_the_floor_makes_the_very_calls_that_the_handlers_make(cassette: Cassette, folder: Path, journey: str) -> None:
    handlers = Counter(call.operation for call in cassette.journeys[journey])
    floor = Counter(call.__name__ for call, _ in Floor(cassette, "http://127.0.0.1:1").calls[journey])
    assert floor == Counter({re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): times for name, times in handlers.items()})
    assert handlers.total() == found(folder, "work")[journey]["calls"] == JOURNEYS[journey]


@pytest.mark.parametrize("journey", JOURNEYS)
def test_handlers_and_floor_are_measured_in_one_run(folder: Path, journey: str) -> None:
    one = found(folder, "work")[journey]
    assert one["rounds"] == 3
    assert set(one["floor"]) == {"hash", "signatures", "calls", "all"}
    assert min(*one["ours"].values(), *one["floor"].values()) > 0


def test_no_story_works_more_in_a_larger_table_or_after_a_longer_history(folder: Path) -> None:
    database = found(folder, "database")
    for grown in ("accounts", "events"):
        first, *others = database[grown].values()
        assert len(others) >= 1
        assert [other for other in others if other != first] == []


def test_a_login_takes_the_reads_and_writes_that_the_page_justifies(folder: Path) -> None:
    story = found(folder, "database")["stories"]["login"]
    assert (story["reads"], story["writes"], story["checks"]) == (6, 6, 0)
    page = report.filled(report.PAGE.read_text(encoding="utf-8"), {"database": found(folder, "database")})
    rows = re.findall(r"^\| \d+ \| `(\w+)` \S+ \| (.*?) \|", section(page, "login"), re.MULTILINE)
    assert len(rows) == 12
    assert all(why for _, why in rows)


def test_every_table_of_the_report_is_made_of_what_was_found(folder: Path) -> None:
    parts = {name: found(folder, name) for name in ("work", "database")}
    page = report.filled(report.PAGE.read_text(encoding="utf-8"), parts)
    assert f"{1 + parts['work']['login']['overhead']:.2f}" in section(page, "work")
    for story in parts["database"]["stories"]:
        assert f"| {story} |" in section(page, "stories")


def section(page: str, name: str) -> str:
    return page.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
