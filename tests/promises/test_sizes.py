"""Sizes that keep the house liveable: a handler is read at a glance, a function without scrolling, a file in one go."""

from __future__ import annotations

import ast

import pytest

from smartident_laptop.template import ROOT
from tests.promises.source import HANDLERS, MODULES, Function, Module, length

HANDLER, FUNCTION, FILE = 25, 30, 200
PACKAGES = ("smartident_cli", "smartident_client", "smartident_laptop")
FOLDERS = ("functions", "tools", "bench", "labs", *PACKAGES)
FILES = {
    str(path.relative_to(ROOT)): Module(path)
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "out" not in path.parts
}


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_is_read_at_a_glance(name: str) -> None:
    """What it imports is read by nobody, and a formatter decides how many lines that takes."""
    module = MODULES[name]
    imports = [node for node in module.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in imports)
    assert module.code_lines - lines <= HANDLER


def test_no_file_is_long() -> None:
    assert {name: lines for name, one in FILES.items() if (lines := len(one.text.splitlines())) > FILE} == {}


def test_no_function_is_long() -> None:
    """What a command of the terminal takes is its help page: its lines are counted from its body on."""
    long = {
        f"{name}:{function.lineno} {function.name}": lines
        for name, one in FILES.items()
        for function in one.functions
        if (lines := length(function) - (_options(function) if _is_command(function) else 0)) > FUNCTION
    }
    assert long == {}


def _is_command(function: Function) -> bool:
    arguments = [*function.args.args, *function.args.kwonlyargs]
    takes = {ast.unparse(one.annotation) for one in arguments if one.annotation}
    return "LanguageOption" in takes or any(".command(" in ast.unparse(one) for one in function.decorator_list)


def _options(function: Function) -> int:
    return function.body[0].lineno - function.lineno - 1


def test_every_module_says_what_it_is_for() -> None:
    empty = {name for name, one in FILES.items() if one.text.strip() and ast.get_docstring(one.tree) is None}
    assert empty == set()


def test_no_module_is_named_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "shared", "misc", "base"}
    assert {name for name in FILES if nothing & set(name.removesuffix(".py").split("/"))} == set()


def test_no_folder_of_lambda_hides_a_module_of_python() -> None:
    """Folders in functions/ are top-level imports in Lambda, and SAM drops folders named env and venv."""
    taken = {"socket", "secrets", "token", "code", "queue", "select", "signal", "env", "venv"}
    assert not taken & {name.partition(".")[0] for name in MODULES}
