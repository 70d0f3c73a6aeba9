"""What the project's pages say of the project is so: targets, links, names, parameters, files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.main import get_command

from smartident_cli.main import app
from smartident_laptop.template import ROOT, Template
from tests.contract.contract import CONTRACT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
TEMPLATE = Template()
CONTRACTS = CONTRACT.document, yaml.safe_load((ROOT / "docs/api/asyncapi.yaml").read_text(encoding="utf-8"))
PACKAGES = ("smartident_cli", "smartident_client", "smartident_laptop")
EVERYTHING = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in (
        "bench",
        "functions",
        "labs",
        "smartident_cli",
        "smartident_client",
        "smartident_laptop",
        "tools",
        "web",
    )
    for end in ("*.py", "*.js")
    for path in (ROOT / folder).rglob(end)
) + (ROOT / "template.yaml").read_text(encoding="utf-8")
# What is read twice because it was translated (CONTRIBUTING.md: one clause, a subject that acts).
READ_TWICE = re.compile(r"\b(anew|bears|[Ww]hoever)\b|\b(is|are) none\b(?! of)")
page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pytest.mark.parametrize("name", ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"])
def test_a_newcomer_finds_what_every_project_has(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 500


def test_the_licence_is_one_everywhere() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert {contract["info"]["license"]["name"] for contract in CONTRACTS} == {"Apache-2.0"}


def test_the_version_is_one_everywhere() -> None:
    (version,) = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert {contract["info"]["version"] for contract in CONTRACTS} == {version}


@page
def test_a_page_is_finished(page: Path) -> None:
    assert re.findall(r"\b(TODO|FIXME|TBD|XXX)\b", page.read_text(encoding="utf-8")) == []


TEXTS = [
    *PAGES,
    *(ROOT / "docs/api").glob("*.yaml"),
    ROOT / "template.yaml",
    *sorted((ROOT / "functions").rglob("*.py")),
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.relative_to(ROOT)))
def test_a_text_reads_once(text: Path) -> None:
    """The guide speaks to people at the phone, in words of its own."""
    if text.parent.name != "guide":
        assert [found[0] for found in READ_TWICE.finditer(text.read_text(encoding="utf-8"))] == []


@page
def test_a_page_calls_only_targets_that_there_are(page: Path) -> None:
    called = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert called <= TARGETS


def test_continuous_integration_calls_only_targets_that_there_are() -> None:
    called = set(re.findall(r"make ([a-z-]+)", (ROOT / ".ci/run").read_text(encoding="utf-8")))
    assert {"lint", "coverage", "story"} <= called <= TARGETS


def test_every_target_says_what_it_does() -> None:
    phony = set(re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split())
    assert phony == TARGETS
    assert {name for name in TARGETS if not re.search(rf"^{name}:.*## \S", MAKEFILE, re.MULTILINE)} <= {"help"}


@page
def test_a_page_names_parameters_and_settings_that_there_are(page: Path) -> None:
    """`SmsDailyBudget`, `PENDING_LOGINS`: what begins as one of ours does is one of ours."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    words = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]+(?:_[A-Z]+)+)`", text))
    ours = {*TEMPLATE.parameters, *TEMPLATE.environment}
    alike = {word for word in words if _first(word) in set(map(_first, ours))}
    assert {word for word in alike if word not in EVERYTHING} == set()


def _first(word: str) -> str:
    return str(re.findall(r"[A-Z][a-z]+|[A-Z]+", word)[0])


@page
def test_a_page_types_only_commands_that_there_are(page: Path) -> None:
    command: Any = get_command(app)
    for line in re.findall(r"smartident ((?:[a-z][a-z-]* ?)+)", page.read_text(encoding="utf-8")):
        found = command
        for word in line.split():
            known = getattr(found, "commands", None)
            if known is None:
                break
            assert word in known, line
            found = known[word]


def links(page: Path) -> dict[Path, set[str]]:
    """The files of this project that a page leads to, each with the headings that are meant."""
    found: dict[Path, set[str]] = {}
    for target in re.findall(r"""(?:\]\(|(?:src|href)=")([^)"\s]+)""", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            file, _, heading = target.partition("#")
            found.setdefault((page.parent / file).resolve() if file else page, set()).add(heading)
    return found


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them of its headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


@page
def test_a_link_leads_somewhere(page: Path) -> None:
    for target, meant in links(page).items():
        assert target.exists(), target
        if target.suffix == ".md":
            assert meant - {""} <= headings(target), target


def test_every_page_is_reached_from_the_first() -> None:
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached:
            reached.add(page)
            ahead += [target for target in links(page) if target.suffix == ".md"]
    assert set(PAGES) - reached == set()


def test_what_the_code_refers_to_is_there() -> None:
    """A docstring that sends its reader to `docs/flow.md`, a comment that names requirements/dev.txt."""
    folders, ends = "docs|events|requirements|web|tests", "js|json|md|txt|yaml"
    named = set(re.findall(rf"(?<![\w/.])((?:{folders})/[\w/.-]+\.(?:{ends}))(?!\w)", EVERYTHING))
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()
