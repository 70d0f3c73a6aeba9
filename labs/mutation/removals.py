"""Removals: the conditions of the conditional writes in functions/ and their parts, each taken out of its source."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = '__import__("smartident.storage.table", fromlist=["Row"]).Row'
# Checks that a transaction makes besides what it writes.
REQUIRED = {"require_active", "require_quiet", "require_room"}
ALWAYS = f"({ROW}.pk.exists() | {ROW}.pk.does_not_exist())"


@dataclass(frozen=True)
class Removal:
    """One condition, or one part of it, taken out of one file."""

    path: Path
    line: int
    removed: str
    mutated: bytes

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {' '.join(self.removed.split())}"


def removals_of(path: Path) -> Iterator[Removal]:
    """All removals of one file of functions/."""
    source = (ROOT / path).read_bytes()
    tree = ast.parse(source)
    inner = {id(part) for node in ast.walk(tree) for part in _parts(node)[1:]}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and id(node) not in inner and _is_condition(node):
            operands = _operands(node)
            sign = " & " if isinstance(node.op, ast.BitAnd) else " | "
            for operand in operands:
                kept = sign.join(f"({_text(source, one)})" for one in operands if one is not operand)
                yield Removal(path, operand.lineno, _text(source, operand), _replaced(source, node, kept))
        elif isinstance(node, ast.Call):
            for value in _whole_conditions(node):
                yield Removal(path, value.lineno, _text(source, value), _replaced(source, value, ALWAYS))
        elif isinstance(node, ast.Expr) and _name_of(node.value) in REQUIRED:
            yield Removal(path, node.lineno, _text(source, node), _replaced(source, node, "pass"))


def _whole_conditions(call: ast.Call) -> Iterator[ast.expr]:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "condition"]
    if _name_of(call) == "write_if":
        given += call.args[2:3]
    for value in given:
        passed_on = isinstance(value, ast.Name) and value.id == "condition"
        if not passed_on and not isinstance(value, ast.BinOp):
            yield value


def _parts(node: ast.AST) -> list[ast.expr]:
    """A chain of `&` or `|` as it nests: the whole first, then its left parts of the same sign."""
    chain: list[ast.expr] = []
    step = node
    while isinstance(step, ast.BinOp) and isinstance(step.op, ast.BitAnd | ast.BitOr):
        if chain and type(step.op) is not type(node.op):  # type: ignore[attr-defined]  # a chain holds operators
            break
        chain.append(step)
        step = step.left
    return chain


def _operands(node: ast.BinOp) -> list[ast.expr]:
    chain = [part for part in _parts(node) if isinstance(part, ast.BinOp)]
    return [chain[-1].left, *(part.right for part in reversed(chain))]


def _is_condition(node: ast.BinOp) -> bool:
    """Whether these are parts of a condition: no sets, no types, no numbers."""
    if not isinstance(node.op, ast.BitAnd | ast.BitOr):
        return False
    operands = _operands(node)
    if any(isinstance(one, ast.Constant | ast.Set) for one in operands):
        return False
    names = {name.id for one in operands for name in ast.walk(one) if isinstance(name, ast.Name)}
    told = any(name.endswith("Row") or name.lstrip("_").startswith("is_") for name in names)
    return told or all(isinstance(one, ast.Name) and one.id.islower() for one in operands)


def _name_of(node: ast.expr) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _span(source: bytes, node: ast.AST) -> tuple[int, int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    begin = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
    return begin, starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]


def _text(source: bytes, node: ast.AST) -> str:
    begin, end = _span(source, node)
    return source[begin:end].decode()


def _replaced(source: bytes, node: ast.AST, text: str) -> bytes:
    begin, end = _span(source, node)
    return source[:begin] + text.encode() + source[end:]
