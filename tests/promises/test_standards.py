"""The standards, line by line: none is missing, each verdict has its grounds, each gap is on the page on security."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest

from smartident_laptop.template import ROOT

PAGES = {name: (ROOT / f"docs/security/{name}.md").read_text(encoding="utf-8") for name in ("asvs", "sp800-63b", "rts")}
SECURITY = (ROOT / "docs/security.md").read_text(encoding="utf-8")
REMAINS = SECURITY.partition("## What remains")[2]
HEADINGS = {re.sub(r"\s+", " ", name).rstrip(".,") for name in re.findall(r"\*\*([^*]+)\*\*", REMAINS)}
VERDICTS = ["met", "partly", "not met", "n/a", "operator's"]
GAPS = {"partly", "not met"}
FOLDERS = [ROOT, *(ROOT / name for name in ("functions", "functions/smartident", "web"))]
# ASVS 5.0.0: the level of each requirement of each section, in order.
ASVS = [
    "1.1",
    "22",
    "1.2",
    "1111122223",
    "1.3",
    "112222222223",
    "1.4",
    "222",
    "1.5",
    "123",
    "2.1",
    "122",
    "2.2",
    "112",
    "2.3",
    "12223",
    "2.4",
    "23",
    "3.1",
    "3",
    "3.2",
    "113",
    "3.3",
    "12223",
    "3.4",
    "11222233",
    "3.5",
    "11122333",
    "3.6",
    "3",
    "3.7",
    "22333",
    "4.1",
    "12233",
    "4.2",
    "23333",
    "4.3",
    "22",
    "4.4",
    "1222",
    "5.1",
    "2",
    "5.2",
    "112333",
    "5.3",
    "113",
    "5.4",
    "222",
    "6.1",
    "122",
    "6.2",
    "111111112222",
    "6.3",
    "11223333",
    "6.4",
    "112233",
    "6.5",
    "22222333",
    "6.6",
    "2223",
    "6.7",
    "33",
    "6.8",
    "2222",
    "7.1",
    "222",
    "7.2",
    "1111",
    "7.3",
    "22",
    "7.4",
    "11222",
    "7.5",
    "223",
    "7.6",
    "22",
    "8.1",
    "1233",
    "8.2",
    "1123",
    "8.3",
    "133",
    "8.4",
    "23",
    "9.1",
    "111",
    "9.2",
    "1222",
    "10.1",
    "22",
    "10.2",
    "223",
    "10.3",
    "22223",
    "10.4",
    "1111122222233333",
    "10.5",
    "22222",
    "10.6",
    "22",
    "10.7",
    "222",
    "11.1",
    "2233",
    "11.2",
    "22233",
    "11.3",
    "11233",
    "11.4",
    "1222",
    "11.5",
    "23",
    "11.6",
    "23",
    "11.7",
    "33",
    "12.1",
    "12233",
    "12.2",
    "11",
    "12.3",
    "22223",
    "13.1",
    "2333",
    "13.2",
    "222223",
    "13.3",
    "2233",
    "13.4",
    "1222233",
    "14.1",
    "22",
    "14.2",
    "12223333",
    "14.3",
    "122",
    "15.1",
    "12233",
    "15.2",
    "12233",
    "15.3",
    "1222222",
    "15.4",
    "3333",
    "16.1",
    "2",
    "16.2",
    "22222",
    "16.3",
    "2222",
    "16.4",
    "222",
    "16.5",
    "2223",
    "17.1",
    "23",
    "17.2",
    "22223333",
    "17.3",
    "22",
]
page = pytest.mark.parametrize("page", PAGES)


@dataclass(frozen=True)
class Line:
    """One row of a page's tables; some rows stand for several requirements."""

    requirements: list[str]
    verdict: str
    where: str
    why: str


def lines(name: str) -> list[Line]:
    rows = [line.strip("| ").split(" | ") for line in PAGES[name].splitlines() if line.startswith("| ")]
    assert {len(row) for row in rows} == {5}
    return [
        Line(requirements.split(", "), verdict, where, why)
        for requirements, _, verdict, where, why in rows
        if requirements != "requirement"
    ]


def test_every_requirement_of_asvs_stands_there_once_with_its_level() -> None:
    levels = zip(ASVS[::2], ASVS[1::2], strict=True)
    whole = [f"{section}.{at} L{level}" for section, all_of in levels for at, level in enumerate(all_of, 1)]
    assert len(whole) == 345
    assert sorted(one for line in lines("asvs") for one in line.requirements) == sorted(whole)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("sp800-63b", "2.1 2.2 2.3 2.4 3.1 3.2 4.1 4.2 4.3 4.4 4.5 4.6 5.1 5.2 5.3"),
        ("rts", "1 2 3 4 5 6 7 8 9 22 23 24 25 26 27"),
    ],
)
def test_no_part_of_the_others_is_left_out(name: str, parts: str) -> None:
    told = [one for line in lines(name) for one in line.requirements]
    assert len(told) == len(set(told))
    for part in parts.split():
        assert any(re.match(rf"{re.escape(part)}(?!\d)", one) for one in told), part


@page
def test_a_verdict_is_one_of_five_and_the_page_counts_them_right(page: str) -> None:
    counts = Counter(verdict for line in lines(page) for verdict in [line.verdict] * len(line.requirements))
    assert counts.keys() <= set(VERDICTS)
    said = re.sub(r"\s+", " ", PAGES[page].partition("\n## ")[0])
    assert ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS) in said
    assert str(sum(counts.values())) in said


@page
def test_what_is_met_says_by_what(page: str) -> None:
    baseless = [line.requirements for line in lines(page) if line.verdict == "met" and line.where == "-"]
    assert baseless == []


@page
def test_every_file_that_is_named_is_there(page: str) -> None:
    for line in lines(page):
        for name in re.findall(r"`([\w./-]+(?:\.\w+|/))`", line.where):
            assert any((folder / name).exists() for folder in FOLDERS), (line.requirements, name)


@pytest.mark.parametrize("text", [*PAGES.values(), SECURITY], ids=[*PAGES, "security"])
def test_tests_are_named_by_their_files(text: str) -> None:
    """Functions are renamed too often: whoever looks for a rule finds it in its file."""
    assert re.findall(r"\btest_\w+\b(?!\.py)", text) == []


@page
def test_every_gap_is_told_where_people_look_for_gaps(page: str) -> None:
    for line in lines(page):
        named = set(re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", line.why))
        assert named <= HEADINGS, (line.requirements, named - HEADINGS)
        assert named or line.verdict not in GAPS, line.requirements


def test_a_threat_names_the_files_of_its_tests() -> None:
    """Only what is said to remain may name none."""
    table = SECURITY.partition("## Threats")[2].partition("## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    for threat, defence, tests in rows:
        named = re.findall(r"`([\w/]+\.py)`", tests)
        assert named or "see below" in defence, threat
        assert [name for name in named if not (ROOT / "tests" / name).exists()] == [], threat


def test_the_page_on_security_leads_to_them() -> None:
    for name in [*PAGES, "inventory"]:
        assert f"(security/{name}.md)" in SECURITY
