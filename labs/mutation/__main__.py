"""Mutation testing: change functions/ in one place at a time and demand that some test then fails (`make mutate`).

mutmut's operators say what is changed. Each change is tried in a fork of one process that has the tests collected, by
the tests that reach the changed lines, until one fails. What was tried is remembered while its file stays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from labs.mutation import mutations
from labs.mutation.reach import Reach
from labs.mutation.trials import BROKEN, KILLED, SURVIVED, TIMEOUT, Running

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "functions"
PLACE = ROOT / ".cache" / "mutation"
# What drives a browser, a second process or chance costs more than it tells here.
ELSEWHERE = (
    "browser",
    "contract",
    "laptop",
    "faults",
    "fuzz",
    "properties",
    "cli/doctor/test_doctor.py",
    "promises/test_cold_start.py",
)


@dataclass
class Verdicts:
    """What the tests said of one file's mutations."""

    path: Path
    kept: Path
    said: dict[str, str]

    @classmethod
    def of(cls, path: Path) -> Verdicts:
        """What is known of the file as it stands."""
        state = hashlib.sha256(path.read_bytes() + Path(mutations.__file__).read_bytes()).hexdigest()[:16]
        kept = PLACE / f"{name_of(path)}-{state}.json"
        return cls(path, kept, json.loads(kept.read_text()) if kept.exists() else {})

    def killers(self) -> list[str]:
        """The tests that told of something in this file, the latest first."""
        return [said.partition(" ")[2] for said in reversed(self.said.values()) if said.startswith(KILLED)]

    def put(self, number: int, said: str) -> None:
        """Remember."""
        self.said.pop(str(number), None)
        self.said[str(number)] = said
        self.kept.write_text(json.dumps(self.said, indent=0))


class Loop:
    """Takes the place of pytest's own loop: the collected tests run as often as there are mutations."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.missed: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every chosen mutation."""
        PLACE.mkdir(parents=True, exist_ok=True)
        running = Running(session.items[0], FOLDER)
        reach = Reach.of(session.items, running, PLACE)
        total: Counter[str] = Counter()
        print(f"\n{'module':32}{'mutants':>8}{'killed':>8}{'survived':>10}{'timeouts':>9}{'noticed':>11}", flush=True)
        for path in chosen_paths(self.chosen.words):
            verdicts, counted = Verdicts.of(path), Counter[str]()
            for number, mutation in self._chosen(path):
                said = verdicts.said.get(str(number))
                if said is None or (self.chosen.again and not said.startswith(KILLED)):
                    tests = reach.tests(mutation, verdicts.killers(), first=self.chosen.first, most=self.chosen.most)
                    said = running.judge(mutation, tests)
                    verdicts.put(number, said)
                counted[said.partition(" ")[0]] += 1
                if not said.startswith((KILLED, TIMEOUT)):
                    self.missed.append(f"{said} {mutation.told()}")
            total += counted
            if counted:
                print(row(name_of(path), counted), flush=True)
        print(row("all", total))
        return True

    def _chosen(self, path: Path) -> Iterator[tuple[int, mutations.Mutation]]:
        for number, mutation in enumerate(mutations.mutations_of(path)):
            if Random(f"{path.name} {number}").random() < self.chosen.share:  # noqa: S311  a sample, no secret
                yield number, mutation


def name_of(path: Path) -> str:
    """The module's name."""
    return ".".join(path.relative_to(FOLDER).with_suffix("").parts)


def chosen_paths(words: list[str]) -> list[Path]:
    """The files whose module is named, in the order of the words; without a word, all of them."""
    paths = sorted(FOLDER.rglob("*.py"))
    return list(dict.fromkeys(path for word in words or [""] for path in paths if word in name_of(path)))


def row(name: str, counted: Counter[str]) -> str:
    """One line of the table: how many were tried, killed, missed, never ended, and the share that was noticed."""
    missed = counted[SURVIVED] + counted[BROKEN]
    share = 100 * (1 - missed / counted.total()) if counted else 100
    return f"{name:32}{counted.total():8}{counted[KILLED]:8}{missed:10}{counted[TIMEOUT]:9}{share:9.1f} %"


def main() -> None:
    """Try the mutations, tell which ones no test noticed, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only modules whose name holds one of these words, in this order")
    parser.add_argument("--again", action="store_true", help="try once more what no test noticed before")
    parser.add_argument("--share", type=float, default=1, help="try only this share of each module, evenly drawn")
    parser.add_argument("--most", type=float, default=10, help="seconds of tests to ask about a change (%(default)s)")
    parser.add_argument(
        "--first", action="append", default=[], help="ask tests whose name holds this first (repeatable)"
    )
    loop = Loop(parser.parse_args())
    os.chdir(ROOT)
    sys.path[:0] = [str(FOLDER)]
    left_out = [f"--ignore=tests/{name}" for name in ELSEWHERE]
    code = pytest.main(
        ["-q", "-s", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", *left_out], plugins=[loop]
    )
    print("", *loop.missed, sep="\n\n")
    sys.exit(int(code))


if __name__ == "__main__":
    main()
