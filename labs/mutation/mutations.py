"""Mutations: every small change that mutmut's operators make to the functions and constants of functions/."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What is declared, imported or annotated is not computed; mutmut leaves these two calls alone for the same reason.
LEFT_OUT = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)
PLAIN_CALLS = {"len", "isinstance"}


@dataclass(frozen=True)
class Mutation:
    """One changed node of one file, and whose it is: an outermost function's, or a constant's of the module."""

    path: Path
    module: cst.Module = field(repr=False)
    node: cst.CSTNode = field(repr=False)
    changed: cst.CSTNode = field(repr=False)
    owner: str
    is_constant: bool
    lines: frozenset[int]

    def source(self) -> str:
        """The file as it reads with this change."""
        return cast("cst.Module", self.module.deep_replace(self.node, self.changed)).code

    def told(self) -> str:
        """The lines that differ, for people."""
        differing = difflib.unified_diff(self.module.code.splitlines(), self.source().splitlines(), n=0, lineterm="")
        lines = [line for line in differing if line[:3] not in {"---", "+++"} and line[:2] != "@@"]
        return "\n".join([f"{self.path}:{min(self.lines)} {self.owner}", *lines])


def mutations_of(path: Path) -> list[Mutation]:
    """All mutations of one file, in the order in which they stand there."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")))
    finder = _Finder(path, wrapper.module)
    wrapper.visit(finder)
    return finder.found


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, path: Path, module: cst.Module) -> None:
        super().__init__()
        self.path, self.module = path, module
        self.found: list[Mutation] = []
        self._names: list[str] = []
        self._owner: cst.CSTNode | None = None
        self._statements: list[int] = []
        self._words: set[int] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, LEFT_OUT) or id(node) in self._words or _is_plain_call(node) or _is_computed_default(node):
            return False
        if isinstance(node, cst.BaseCompoundStatement | cst.SimpleStatementLine):
            self._statements.append(self._lines(node)[0])
        if isinstance(node, cst.Raise):
            self._words.update(map(id, _words_of(node)))
        if self._owner is None:
            self._enter(node)
        if self._owner is not None:
            self.found += [self._mutation(node, changed) for changed in self._changes(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.BaseCompoundStatement | cst.SimpleStatementLine):
            self._statements.pop()
        if original_node is self._owner:
            self._owner = None
            self._names.pop()
        elif isinstance(original_node, cst.ClassDef):
            self._names.pop()

    def _enter(self, node: cst.CSTNode) -> None:
        constant = _constant(node)
        if isinstance(node, cst.FunctionDef) or (constant and not self._names):
            self._owner = node
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._names.append(node.name.value)
        elif self._owner is not None and constant:
            self._names.append(constant)

    def _changes(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                yield from (one for one in operator(node) if self._keeps_words(node, one))

    def _keeps_words(self, node: cst.CSTNode, changed: cst.CSTNode) -> bool:
        """What a refusal says is for the log alone: no test promises it to anybody."""
        if not isinstance(node, cst.Call) or not isinstance(changed, cst.Call):
            return True
        words = [arg for arg in node.args if id(arg) in self._words]
        return all(any(arg is kept for kept in changed.args) for arg in words)

    def _mutation(self, node: cst.CSTNode, changed: cst.CSTNode) -> Mutation:
        is_constant = not isinstance(self._owner, cst.FunctionDef)
        lines = frozenset([self._statements[-1], *self._lines(node)])
        return Mutation(self.path, self.module, node, changed, ".".join(self._names), is_constant, lines)

    def _lines(self, node: cst.CSTNode) -> range:
        span = self.get_metadata(PositionProvider, node, None)
        if span is None:
            return range(self._statements[-1], self._statements[-1] + 1)
        return range(span.start.line, span.end.line + 1)


def _constant(node: cst.CSTNode) -> str:
    """The name of the constant that a statement sets, if it sets one; what is wired or typed is written small."""
    target: cst.CSTNode = node
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        target = node.targets[0].target
    elif isinstance(node, cst.AnnAssign) and node.value is not None:
        target = node.target
    return target.value if isinstance(target, cst.Name) and target is not node and target.value.isupper() else ""


def _words_of(node: cst.Raise) -> list[cst.Arg]:
    return [arg for arg in node.exc.args if arg.keyword is None] if isinstance(node.exc, cst.Call) else []


def _is_plain_call(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in PLAIN_CALLS


def _is_computed_default(node: cst.CSTNode) -> bool:
    simple = cst.Name | cst.BaseNumber | cst.BaseString
    return isinstance(node, cst.Param) and node.default is not None and not isinstance(node.default, simple)
