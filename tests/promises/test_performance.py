"""docs/performance.md is made of what was measured, and tells nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from bench import plot, report

OWN: dict[str, Any] = {
    "text": "| | ours |\n|---|---|\n| logins | 25 |\n",
    "bars": {"title": "A", "note": "b", "rows": [["we", 2, "2 of 3"]]},
}


def test_every_table_has_its_place_on_the_page() -> None:
    page = report.PAGE.read_text(encoding="utf-8")
    for name in (*report.SECTIONS, *report.OTHERS):
        assert report.put(page, name, "told") != page


def test_what_was_not_measured_keeps_its_table() -> None:
    page = "<!-- work -->\nold\n<!-- /work -->\n<!-- peer -->\nold too\n<!-- /peer -->\n"
    assert report.filled(page, {}) == page


def test_a_part_may_bring_a_text_and_bars_of_its_own() -> None:
    page = report.filled("<!-- peer -->\n<!-- /peer -->\n", {"peer": OWN})
    assert "| logins | 25 |" in section(page, "peer")
    [panel] = report.panels({"peer": OWN})
    assert (panel.title, panel.bars[0].value) == ("A", "2 of 3")


def test_a_table_without_a_place_is_an_error() -> None:
    with pytest.raises(KeyError):
        report.put("nothing here", "work", "table")


def test_the_picture_reads_on_light_and_on_dark_pages() -> None:
    drawn = plot.svg(report.panels({"peer": OWN}), "what is drawn")
    assert "prefers-color-scheme: dark" in drawn
    assert "<title>what is drawn</title>" in drawn
    assert "2 of 3</text>" in drawn


def section(page: str, name: str) -> str:
    return page.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
