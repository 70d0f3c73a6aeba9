"""The functions' source as it stands, read and never run: modules, what they import, and how long they are."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FUNCTIONS = ROOT / "functions"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of functions/."""

    path: Path

    @property
    def name(self) -> str:
        """As it is imported: `login.step`, `smartident.http.api`."""
        return ".".join(self.path.relative_to(FUNCTIONS).with_suffix("").parts).removesuffix(".__init__")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def for_types(self) -> set[ast.AST]:
        """What stands under `if TYPE_CHECKING:` and is never run."""
        blocks = [node for node in ast.walk(self.tree) if isinstance(node, ast.If) and _is_type_checking(node.test)]
        return {inner for block in blocks for node in block.body for inner in ast.walk(node)}

    def imports(self, *, types: bool = False) -> Iterator[str]:
        """The modules imported anywhere in the file, in functions too; with `types` those for annotations as well."""
        yield from (name for name, for_types in self._imported if types or not for_types)

    def names(self) -> Iterator[str]:
        """Every name and dotted name that the file uses: `settings`, `os.environ`, `time.time`."""
        yield from self._names

    # Many tests ask every module for these.
    @cached_property
    def _imported(self) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(alias.name, node in self.for_types) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(_target(node, alias), node in self.for_types) for alias in node.names]
        return found

    @cached_property
    def _names(self) -> list[str]:
        return [ast.unparse(node) for node in ast.walk(self.tree) if isinstance(node, ast.Name | ast.Attribute)]

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @cached_property
    def code_lines(self) -> int:
        """Lines that are neither blank, comment nor docstring."""
        said = {line for node in ast.walk(self.tree) for line in _docstring_lines(node)}
        lines = enumerate(self.text.splitlines(), 1)
        return sum(bool(line.strip()) and not line.strip().startswith("#") and at not in said for at, line in lines)


def length(function: Function) -> int:
    """Lines of a function, its docstring aside."""
    return (function.end_lineno or function.lineno) - function.lineno + 1 - len(_docstring_lines(function))


def _docstring_lines(node: ast.AST) -> range:
    if not isinstance(node, ast.Module | ast.ClassDef | Function) or ast.get_docstring(node) is None:
        return range(0)
    return range(node.body[0].lineno, (node.body[0].end_lineno or node.body[0].lineno) + 1)


def _is_type_checking(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _target(node: ast.ImportFrom, alias: ast.alias) -> str:
    """`from smartident import problems` imports the module smartident.problems."""
    module = node.module or ""
    named = FUNCTIONS.joinpath(*module.split("."), f"{alias.name}.py")
    return f"{module}.{alias.name}" if named.exists() else module


MODULES = {module.name: module for module in map(Module, sorted(FUNCTIONS.rglob("*.py")))}
HANDLERS = {name: module for name, module in MODULES.items() if name.endswith(".handler")}
STEPS = {name: module for name, module in MODULES.items() if name.endswith(".step")}
NOUNS = {name: module for name, module in MODULES.items() if name.startswith("smartident.")}
# The edges know API Gateway, stream and queues, the telemetry knows the log; both belong to handlers, not to steps.
# Four read the clock.
CLOCKS = {"smartident.http.answers", "smartident.http.api", "smartident.http.websocket", "smartident.streams.table"}
EDGES = CLOCKS | {"smartident.oauth_http.endpoint", "smartident.streams.queue"}
