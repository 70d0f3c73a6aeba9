"""What the pages name is there: files that they link to, and the tests that they lean on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smartident_laptop.template import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_that_is_named_exists(page: Path) -> None:
    tests = list((ROOT / "tests").rglob("test_*.py"))
    there = {path.stem for path in tests}
    there |= {name for path in tests for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))}
    named = set(re.findall(r"\btest_[a-z0-9_]+\b", page.read_text(encoding="utf-8")))
    assert named - there - {"test_step"} == set()
