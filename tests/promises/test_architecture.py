"""docs/architecture.md leads to the code as it is, and docs/glossary.md stays a short list."""

from __future__ import annotations

import re

import pytest

from smartident_laptop.template import ROOT
from tests.promises.source import FUNCTIONS

ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
SMARTIDENT = FUNCTIONS / "smartident"
PACKAGES = {path.parent.name for path in SMARTIDENT.glob("*/__init__.py")}
ROOT_MODULES = {path.stem for path in SMARTIDENT.glob("*.py")} - {"__init__"}
MAX_WORDS = 30
# `login/step.py` `start_login` | ...
WALK = re.findall(r"^\| `([\w/]+\.py)`(?: `(\w+)`)? \|", ARCHITECTURE, re.MULTILINE)


def rows(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    section = page.partition(f"{heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[1:]]


def test_every_package_says_what_it_owns() -> None:
    first = [cell for cell, *_ in rows(ARCHITECTURE, "## The packages")]
    assert sorted(re.findall(r"`(\w+)/?`", " ".join(first))) == sorted(PACKAGES | ROOT_MODULES)


def test_the_picture_shows_every_package_and_no_other() -> None:
    picture = re.findall(r"```mermaid\n(.*?)```", ARCHITECTURE, re.DOTALL)[0]
    beside = {"root", "steps", "handlers", "cli"}
    drawn = set(re.findall(r"\b(?:[a-z]+_)?[a-z]+\b", re.sub(r'\[[^\]]*\]|"[^"]*"', "", picture)))
    assert drawn - {"flowchart", "subgraph", "direction", "end"} - beside == PACKAGES | ROOT_MODULES


@pytest.mark.parametrize(("file", "function"), WALK)
def test_a_path_leads_through_files_and_functions_that_there_are(file: str, function: str) -> None:
    (path,) = [folder / file for folder in (FUNCTIONS, SMARTIDENT) if (folder / file).exists()]
    assert not function or f"def {function}(" in path.read_text(encoding="utf-8")


def test_both_paths_are_told() -> None:
    assert {"start_login", "decide_login"} <= {function for _, function in WALK}


def test_the_glossary_has_few_words_and_each_once() -> None:
    words = [row[0] for row in rows(GLOSSARY, "# Glossary")]
    assert len(words) == len(set(words)) <= MAX_WORDS
    assert all(len(row) == 4 and row[2] for row in rows(GLOSSARY, "# Glossary"))


def test_the_glossary_names_owners_that_there_are() -> None:
    owners = {owner for row in rows(GLOSSARY, "# Glossary") for owner in re.findall(r"`(\w+)`", row[3])}
    assert owners <= PACKAGES | ROOT_MODULES
