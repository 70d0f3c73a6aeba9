"""Nothing in web/ is written in vain: each export has who imports it, each class its style, each sentence its place."""

from __future__ import annotations

import re

import pytest

from smartident_laptop.template import ROOT
from tests.promises.texts import FOLDERS, block, keys

WEB = ROOT / "web"
# What others wrote is taken as it is.
VENDOR = WEB / "vendor"
SCRIPTS = {
    str(path.relative_to(WEB)): path.read_text(encoding="utf-8")
    for path in sorted(WEB.rglob("*.js"))
    if not path.is_relative_to(VENDOR)
}
STYLES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(WEB.rglob("*.css")))
MARKUP = "\n".join([*SCRIPTS.values(), *(path.read_text(encoding="utf-8") for path in sorted(WEB.rglob("*.html")))])
SPEAKING = "\n".join(text for name, text in SCRIPTS.items() if not re.search(r"language/\w+\.js$", name))
# Said by the names that the API gives; http/test_refusals.py holds them against it.
BY_THE_WIRE = {"refusals", "types", "reasons", "methods", "colours", "devices"}


def used(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_export_has_who_imports_it(script: str) -> None:
    others = "\n".join(text for name, text in SCRIPTS.items() if name != script)
    exported = re.findall(r"^export (?:async )?(?:function|const|class) (\w+)", SCRIPTS[script], re.MULTILINE)
    assert [name for name in exported if not used(name, others)] == []


@pytest.mark.parametrize("mark", [r"\.([a-z][\w-]*)", r"#([a-z][\w-]*)"], ids=["classes", "ids"])
def test_a_style_has_something_to_dress(mark: str) -> None:
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", STYLES, flags=re.DOTALL)
    assert {name for name in re.findall(mark, selectors) if not used(name, MARKUP)} == set()


def test_a_colour_or_size_that_has_a_name_is_used() -> None:
    assert {name for name in re.findall(r"(--[\w-]+):", STYLES) if f"var({name})" not in STYLES} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_sentence_has_its_place(folder: str) -> None:
    german = ROOT / folder / "de.js"
    text = german.read_text(encoding="utf-8")
    by_the_wire = {key for name in BY_THE_WIRE & set(keys(text)) for key in block(german, name)}
    assert {name for name in keys(text) if name not in by_the_wire and not used(name, SPEAKING)} == set()
