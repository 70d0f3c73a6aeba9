"""Removes the conditions of the conditional writes, one at a time, and demands that some test then fails.

A suite in which nobody is in anybody's way stays green without a single condition. This one must not. Minutes, not
seconds, so it is a command of its own (`make conditions`) and no part of `make test`. A word after it chooses files.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("build", "console", "docs", "events", "functions", "local", "tests", "web")
FILES = ("template.yaml", "pyproject.toml", "samconfig.toml", "Makefile")
FIRST = ("test_stale", "test_guards", "test_p", "test_races", "test_drawn")
OTHERS = ("test_story", "test_template", "test_documents")
LASTING = ("boto3", "moto.backends", "pynamodb.models", "webauthn", "joserfc.jws", "aws_lambda_powertools", "yaml")
PATIENCE = 900
TAIL = 1500
ROW = '__import__("smartident.table", fromlist=["Row"]).Row'
ALWAYS = f"({ROW}.pk.exists() | {ROW}.pk.does_not_exist())"
KILLED, SURVIVED, BROKEN = "killed", "SURVIVED", "BROKEN"


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
        elif isinstance(node, ast.Expr) and _name_of(node.value) == "require_active":
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
        if chain and type(step.op) is not type(node.op):  # type: ignore[attr-defined]
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


def copy_to(place: Path) -> None:
    """A copy of what the tests need, so that nothing here is ever spoiled."""
    for name in NEEDED:
        ignored = shutil.ignore_patterns("__pycache__", "out")
        shutil.copytree(ROOT / name, place / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, place / name)


def tests_in(place: Path) -> list[str]:
    """The tests that need no browser and no second process, those first that most often see a removal."""
    names = sorted(path.name for path in place.glob("tests/test_*.py") if path.stem not in OTHERS)
    ranks = {
        name: next((rank for rank, word in enumerate(FIRST) if name.startswith(word)), len(FIRST)) for name in names
    }
    return [f"tests/{name}" for name in sorted(names, key=lambda name: ranks[name])]


def prepare(folder: str) -> None:
    """Give a worker its copy, and import once what every run of the tests imports and no removal touches."""
    place = Path(folder, str(os.getpid()))
    place.mkdir()
    copy_to(place)
    os.chdir(place)
    for module in LASTING:
        import_module(module)


def run_tests() -> str:
    """What the tests say in this worker's copy: killed if one of them failed, or never ended."""
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE)
        output = os.open("conditions.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        # Bytecode knows its source by second and size, and a removal may change neither.
        sys.dont_write_bytecode = True
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests_in(Path())])
        os._exit(int(code))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return KILLED
    verdict = {0: SURVIVED, 1: KILLED}.get(os.waitstatus_to_exitcode(status), BROKEN)
    return verdict if verdict == KILLED else f"{verdict} {Path('conditions.log').read_text()[-TAIL:]}"


def judged(removal: Removal) -> str:
    """The verdict on one removal, in this worker's copy."""
    plain = removal.path.read_bytes()
    removal.path.write_bytes(removal.mutated)
    try:
        return run_tests()
    finally:
        removal.path.write_bytes(plain)


def main() -> None:
    """Judge every removal; what survives ends the command with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only files or removals that hold one of these words")
    parser.add_argument("--list", action="store_true", help="only say what would be removed")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    paths = sorted(path.relative_to(ROOT) for path in (ROOT / "functions").rglob("*.py"))
    removals = [removal for path in paths for removal in removals_of(path)]
    removals = [one for one in removals if not chosen.words or any(word in str(one) for word in chosen.words)]
    if chosen.list:
        print(*removals, f"{len(removals)} conditions", sep="\n")
        return
    verdicts: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="conditions-") as folder,
        ProcessPoolExecutor(chosen.workers, get_context("spawn"), prepare, (folder,)) as pool,
    ):
        untouched = pool.submit(run_tests)
        for removal, verdict in zip(removals, pool.map(judged, removals), strict=True):
            verdicts.append(verdict.partition(" ")[0])
            print(f"{verdicts[-1]:9}{removal}", flush=True)
            if verdicts[-1] == BROKEN:
                print(verdict)
        if not untouched.result().startswith(SURVIVED):
            sys.exit(f"the tests fail as they are: {untouched.result()}")
    survived = [str(one) for one, verdict in zip(removals, verdicts, strict=True) if verdict != KILLED]
    print(f"{len(removals)} conditions removed, {len(survived)} missed by no test", *survived, sep="\n")
    sys.exit(1 if survived else 0)


if __name__ == "__main__":
    main()
