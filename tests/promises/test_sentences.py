"""What the terminal says is written in both languages, said with what it needs, and never written in vain."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest

from local.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES: dict[str, dict[str, Any]] = {
    name: table
    for path in sorted((ROOT / "console").glob("*_texts.py"))
    for name, table in vars(import_module(f"console.{path.stem}")).items()
    if name.endswith("_TEXTS")
}
SENTENCES = {name: text for table in TABLES.values() for name, text in table.items()}
SOURCES = [path.read_text(encoding="utf-8") for path in (ROOT / "console").glob("*.py") if "_texts" not in path.stem]
SAYS = {"say", "text", "complain", "ask", "ask_secret", "confirm"}


def said() -> Iterator[tuple[str, set[str] | None]]:
    """Every sentence that is said by its name, and the values it is said with, where they can be told."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAYS:
                for name in node.args[:1]:
                    if isinstance(name, ast.Constant) and isinstance(name.value, str):
                        values = {keyword.arg for keyword in node.keywords}
                        yield name.value, None if None in values else {str(value) for value in values}


def fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


@pytest.mark.parametrize("table", TABLES)
def test_a_sentence_says_the_same_in_both_languages(table: str) -> None:
    for name, text in TABLES[table].items():
        german, english = text
        assert german, name
        assert english, name
        assert fields(german) == fields(english), name


def test_a_sentence_is_said_with_what_it_needs() -> None:
    for name, values in said():
        assert name in SENTENCES
        assert values is None or values >= fields(SENTENCES[name].de), name


def test_no_sentence_is_written_in_vain() -> None:
    """Named as it is, or by a pattern: `f"step_{number}"`; kinds of events are said by the names that the API gives."""
    everything = "\n".join(SOURCES)
    made = re.findall(r'f"(\w+\{[^"{}]+\}\w*|\{[^"{}]+\}\w+)"', everything)
    patterns = [re.sub(r"\{[^}]*\}", r"\\w+", one) for one in made]
    events = r"(login|device)_[a-z]+|(two_factor|password|phone|email)_changed"
    silent = {name for name in SENTENCES if not re.search(rf"[\"']{name}[\"']", everything)}
    assert {name for name in silent if not any(re.fullmatch(one, name) for one in [*patterns, events])} == set()
