"""Reach: which tests run which lines of functions/, measured once for the code as it is."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from labs.mutation.trials import in_fork, passes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import CodeType

    from labs.mutation.mutations import Mutation
    from labs.mutation.trials import Running

DONE = "done"
# A test that takes more than this part of the time for one change is left to others.
SLOW = 8


@dataclass
class Reach:
    """The collected tests, what each takes and runs of functions/, and what share of that is in which file."""

    items: dict[str, pytest.Item]
    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]
    shares: dict[str, dict[str, float]]

    @classmethod
    def of(cls, items: list[pytest.Item], running: Running, place: Path) -> Reach:
        """Measured by running every test once for functions/ as it is; a test that fails ends it all."""
        state = hashlib.sha256(b"".join(Path(name).read_bytes() for name in running.modules)).hexdigest()[:16]
        stored = place / f"reach-{state}.json"
        told = json.loads(stored.read_text()) if stored.exists() else {}
        new = [item for item in items if item.nodeid not in told]
        if new:
            print(f"\nwatching what {len(new)} tests run, once for this state of functions/", flush=True)
            said = in_fork(lambda: _measured(new, running.code(), told, stored))
            if said != DONE:
                sys.exit(f"{said}: the tests must pass before a mutation means anything")
            told = json.loads(stored.read_text())
        lines: dict[str, dict[int, list[str]]] = {name: {} for name in running.modules}
        shares: dict[str, dict[str, float]] = {}
        for test, (_, heard) in sorted(told.items(), key=lambda one: one[1][0]):
            for name, line in heard:
                lines[name].setdefault(line, []).append(test)
            counted = Counter(name for name, _ in heard)
            shares[test] = {name: count / counted.total() for name, count in counted.items()}
        seconds = {test: taken for test, (taken, _) in told.items()}
        return cls({item.nodeid: item for item in items}, seconds, lines, shares)

    def tests(
        self, mutation: Mutation, killers: Sequence[str], *, first: Sequence[str], most: float
    ) -> list[pytest.Item]:
        """The tests that reach what is changed, for so many seconds: those that told before first."""
        found = list(self._users(mutation.owner) if mutation.is_constant else self._runners(mutation))
        if not found:
            # It ran when it was imported: whatever runs beside it may tell.
            found = [name for name, shares in self.shares.items() if str(mutation.path) in shares]
        reaching = dict.fromkeys(found)
        chosen, left = list[pytest.Item](), most
        asked = [name for name in found if any(word in name for word in first)]
        devoted = sorted(found, key=lambda name: -self.shares.get(name, {}).get(str(mutation.path), 0))
        turns = zip_longest(dict.fromkeys(devoted), _mixed(reaching))
        for name in dict.fromkeys([*killers, *asked, *chain.from_iterable(turns)]):
            taken = self.seconds.get(name, 0)
            if name in reaching and name in self.items and (not chosen or taken <= min(left, most / SLOW)):
                chosen.append(self.items[name])
                left -= taken
        return chosen

    def _runners(self, mutation: Mutation) -> Iterator[str]:
        lines = self.lines[str(mutation.path)]
        return (name for line in sorted(mutation.lines) for name in lines.get(line, []))

    def _paths(self) -> set[Path]:
        return {item.path for item in self.items.values()}

    def _users(self, constant: str) -> Iterator[str]:
        named = re.compile(rf"\b{constant}\b")
        naming = {path: bool(named.search(path.read_text(encoding="utf-8"))) for path in self._paths()}
        yield from (name for name, item in self.items.items() if naming[item.path])
        for name, lines in self.lines.items():
            for number, text in enumerate(Path(name).read_text(encoding="utf-8").splitlines(), start=1):
                if named.search(text):
                    yield from lines.get(number, [])


def _mixed(names: Iterable[str]) -> list[str]:
    """One test of every file, then a second one of each, and so on: neighbours see the same."""
    turns: Counter[str] = Counter()
    ranked = []
    for name in names:
        group = name.partition("[")[0]
        turns[group] += 1
        turns[group.partition("::")[0]] += turns[group] == 1
        ranked.append((turns[group], turns[group.partition("::")[0]], name))
    return [name for *_, name in sorted(ranked, key=lambda one: one[:2])]


def _measured(items: list[pytest.Item], code: Iterable[CodeType], told: dict[str, Any], stored: Path) -> str:
    """Run every test, and hear which lines it comes by."""
    watch: Any = sys.monitoring  # type: ignore[attr-defined]  # since Python 3.12, which this lab wants
    heard = set[tuple[str, int]]()

    def hear(code: CodeType, line: int) -> None:
        heard.add((code.co_filename, line))

    watch.use_tool_id(watch.COVERAGE_ID, "reach")
    watch.register_callback(watch.COVERAGE_ID, watch.events.LINE, hear)
    for one in code:
        watch.set_local_events(watch.COVERAGE_ID, one, watch.events.LINE)
    for item in items:
        heard.clear()
        begun = time.process_time()
        if not passes(item):
            return f"{item.nodeid} fails as it is"
        told[item.nodeid] = (time.process_time() - begun, sorted(heard))
    stored.write_text(json.dumps(told))
    return DONE
