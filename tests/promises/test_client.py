"""The client knows the wire alone, and whoever stands around it imports one way: command line, laptop, client."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from smartident_laptop.template import ROOT
from tests.promises.source import STEPS

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = {"smartident", *(step.partition(".")[0] for step in STEPS)}


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def packages(folder: str) -> set[str]:
    return {name.partition(".")[0] for path in (ROOT / folder).rglob("*.py") for name in imported(path)}


def test_the_client_imports_nothing_of_the_service_or_around_it() -> None:
    assert (
        packages("smartident_client")
        & {*SERVICE, "smartident_cli", "smartident_laptop", "bench", "labs", "tests", "tools"}
        == set()
    )


def test_the_laptops_stack_imports_nothing_of_the_command_line() -> None:
    assert "smartident_cli" not in packages("smartident_laptop")


def test_the_command_line_imports_nothing_of_the_laptops_stack() -> None:
    assert "smartident_laptop" not in packages("smartident_cli")


def test_commands_do_not_import_each_other_in_a_circle() -> None:
    folders = {path.name for path in (ROOT / "smartident_cli").iterdir() if (path / "__init__.py").exists()}
    uses = {
        folder: {
            part
            for path in (ROOT / "smartident_cli" / folder).glob("*.py")
            for name in imported(path)
            if name.startswith("smartident_cli.") and (part := name.split(".")[1]) in folders - {folder}
        }
        for folder in folders
    }
    assert len(list(TopologicalSorter(uses).static_order())) == len(folders)
