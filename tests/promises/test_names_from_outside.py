"""No plain object of web/ is a map of names from outside: an own one answers to `constructor` and `__proto__` too.

Such names go into a Map, or through `own()` (shared/own.js), which looks at what an object itself holds.
"""

from __future__ import annotations

import re

import pytest

from tests.promises.javascript import code
from tests.promises.test_web import SCRIPTS

# An index that is no number: each of these names is one of our own, or `own()` itself.
OURS = {
    ("app/views/decided.js", "decided[outcome]"),
    ("app/views/let_in.js", "newPhone.ends[outcome]"),
    ("app/views/before_enrolling.js", 'enrol.devices[deviceKind() ?? ""]'),
    ("financeapp/views/install.js", "install.storeHints[store]"),
    ("financeapp/views/install.js", "install.stores[store]"),
    ("financeapp/views/install.js", "links[store]"),
    ("financeapp/views/waiting.js", "waiting[what]"),
    ("shared/language.js", "texts[spoken]"),
    ("shared/links.js", "config.links[name]"),
    ("shared/links.js", "shared().links[name]"),
    ("shared/login_mark.js", "shared().colours[colour]"),
    ("shared/own.js", "object[name]"),
    ("shared/pieces.js", "texts.other[name]"),
    ("smartident.js", "this[what]"),
    ("smartident.js", "(this)[what]"),
}
# These count: the place in a list.
PLACES = {
    ("app/requests.js", "refused[at]"),
    ("shared/elements.js", "opened[at]"),
    ("shared/login_mark.js", "COLOURS[((mixed ^ (mixed >>> 15)) >>> 0) % COLOURS.length]"),
    ("shared/supported.js", "texts[at]"),
}
# Other ways to look into an object, or to make one, by a name that is worked out.
BY_NAME = {
    "in": r"\w[\w.)\]]*\s+in\s+[\w(]",
    "a computed member": r"[{,]\s*\[[^\]]+\]\s*:",
    "Object.fromEntries": r"\bfromEntries\b",
    "Reflect": r"\bReflect\b",
    "hasOwnProperty": r"\bhasOwnProperty\b",
    "__proto__": r"__(?:proto|define|lookup)",
    "Object.assign": r"\bObject\.assign\b",
}
ALLOWED = {
    # One member, named here.
    ("app/registration.js", "Object.assign"),
}
# What an index may follow: a name, a chain of them, or the end of a call or of another index.
OBJECT = re.compile(r"((?:[\w$]+(?:\(\))?\??\.)*[\w$]+(?:\(\))?|\([\w$]+\)|\)|\])\s*(?:\?\.)?$")
KEYWORDS = {"return", "of", "in", "case", "const", "let", "typeof", "await", "yield", "else", "do"}


def indexed(text: str) -> set[str]:
    """Every `object[index]` of a script whose index is no number and no text of its own."""
    found = set()
    for start in (one.start() for one in re.finditer(r"\[", text)):
        before = OBJECT.search(text[:start])
        if before and before[1] not in KEYWORDS:
            index = inside(text, start)
            if not re.fullmatch(r'\d+|""', index):
                found.add(f"{before[1]}[{index}]")
    return found


def inside(text: str, start: int) -> str:
    """What stands between the bracket that begins here and the one that ends it."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth == 0:
            return " ".join(text[start + 1 : at].split())
    raise AssertionError("a bracket without an end")


def test_every_index_by_a_name_is_one_of_ours() -> None:
    found = {(script, one) for script, text in SCRIPTS.items() for one in indexed(code(text))}
    assert found - OURS - PLACES == set()
    assert (OURS | PLACES) - found == set()


@pytest.mark.parametrize("way", BY_NAME)
def test_no_object_is_looked_into_by_a_name_in_another_way(way: str) -> None:
    found = {(script, way) for script, text in SCRIPTS.items() if re.search(BY_NAME[way], code(text))}
    assert found - ALLOWED == set()


@pytest.mark.parametrize(
    "careless",
    [
        "const VIEWS = {}; VIEWS[location.hash.slice(2)]();",
        "views[name]",
        "views?.[name]",
        "views()[name]",
        "texts.refusals [ problem.code ]",
        "const a = `${views[name]}`;",
        "return words[reason];",
        "list[0][name]",
        "found(a, b)[name]",
        "kept[`event_${name}`]",
    ],
)
def test_careless_index_is_found(careless: str) -> None:
    assert indexed(code(careless))


@pytest.mark.parametrize(
    ("way", "careless"),
    [
        ("in", "if (name in views) open();"),
        ("in", "if (shown.name in views.all) open();"),
        ("a computed member", "const kept = { [name]: value };"),
        ("a computed member", "const kept = { a, [told.name]: value };"),
        ("Object.fromEntries", "Object.fromEntries(entries)"),
        ("Reflect", "Reflect.get(views, name)"),
        ("hasOwnProperty", "views.hasOwnProperty(name)"),
        ("__proto__", "({ __proto__: told })"),
        ("Object.assign", "Object.assign(views, told)"),
    ],
)
def test_careless_way_is_found(way: str, careless: str) -> None:
    assert re.search(BY_NAME[way], code(careless))


@pytest.mark.parametrize(
    "careful",
    ['"a[name]"', "/* a[name] */ 1", "a.match(/b[name]/)", "for (const [a] of b) {}", "return [a];", 'a["b"]', "a[7]"],
)
def test_what_is_no_index_by_a_name_is_left_alone(careful: str) -> None:
    assert indexed(code(careful)) == set()
