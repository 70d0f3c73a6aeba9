"""What the terminal says is written in both languages, said with what it needs, and never written in vain."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest

from smartident.http.problems import PROBLEMS
from smartident_cli.catalogue import CATALOGUE
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = ROOT / "smartident_cli"
PATHS = sorted(COMMAND.rglob("*.py"))
TABLES: dict[str, dict[str, Any]] = {
    name: table
    for path in PATHS
    if path.stem.endswith("texts")
    for name, table in vars(import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))).items()
    if name.endswith("_TEXTS")
}
SOURCES = [path.read_text(encoding="utf-8") for path in PATHS if not path.stem.endswith("texts")]
SAYS = {"say", "text", "complain", "give_up", "ask", "ask_secret", "confirm"}


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


def test_every_table_is_in_the_catalogue_and_no_name_stands_twice() -> None:
    assert sum(map(len, TABLES.values())) == len(CATALOGUE)
    assert {name for table in TABLES.values() for name in table} == CATALOGUE.keys()


@pytest.mark.parametrize("table", TABLES)
def test_a_sentence_says_the_same_in_both_languages(table: str) -> None:
    for name, text in TABLES[table].items():
        german, english = text
        assert german, name
        assert english, name
        assert fields(german) == fields(english), name


def test_a_sentence_is_said_with_what_it_needs() -> None:
    for name, values in said():
        assert name in CATALOGUE
        assert values is None or values >= fields(CATALOGUE[name].de), name


def test_no_sentence_is_written_in_vain() -> None:
    """Named as it is, or by a pattern: `f"step_{number}"`."""
    everything = "\n".join(SOURCES)
    made = re.findall(r'f"(\w+\{[^"{}]+\}\w*|\{[^"{}]+\}\w+)"', everything)
    patterns = [re.sub(r"\{[^}]*\}", r"\\w+", one) for one in made]
    silent = {name for name in CATALOGUE if not re.search(rf"[\"']{name}[\"']", everything)}
    assert {name for name in silent if not any(re.fullmatch(one, name) for one in patterns)} == set()


def test_what_the_service_refuses_the_service_puts_into_words() -> None:
    """A refusal's sentence stands once a language, in problems/; the command prints it."""
    said_by_the_service = {sentence for problem in PROBLEMS.values() for sentence in (problem.de, problem.en)}
    assert CATALOGUE.keys() & PROBLEMS.keys() == set()
    assert {sentence for text in CATALOGUE.values() for sentence in text} & said_by_the_service == set()
