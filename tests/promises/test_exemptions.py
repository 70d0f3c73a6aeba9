"""Whoever excuses a line from a rule says why, there or where the same file was excused from it before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES = ("smartident_cli", "smartident_client", "smartident_laptop")
FOLDERS = ("bench", "functions", "labs", "tests", "tools", *PACKAGES)
FILES = [
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "# noqa" in (text := path.read_text(encoding="utf-8")) or "type: ignore" in text
]
EXCUSED = re.compile(r"#\s*(?:noqa: ([A-Z]+\d+(?:, [A-Z]+\d+)*)|type: ignore\[([a-z,-]+)\]|nosec [A-Z]+\d+)")


def unexplained(path: Path) -> Iterator[str]:
    explained: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = list(EXCUSED.finditer(line))
        if not found or '"' in line[found[0].end() :]:
            continue
        rules = {rule for one in found for rule in re.split(r", ?", one[1] or one[2] or "") if rule}
        if re.search(r"[a-z]{2,}", EXCUSED.sub("", line[found[0].start() :])):
            explained |= rules
        elif not rules <= explained:
            yield f"{path.relative_to(ROOT)}:{number} {', '.join(sorted(rules - explained))}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_exemption_says_why(path: Path) -> None:
    assert list(unexplained(path)) == []


def test_nobody_is_excused_from_everything() -> None:
    wholesale = r"#\s*(?:noqa(?!:)|ruff: noqa|type: ignore(?!\[)|pragma: no (?:cover|branch))"
    assert [str(path) for path in FILES if re.search(wholesale, path.read_text(encoding="utf-8"))] == [__file__]
