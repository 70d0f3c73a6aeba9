"""Trials: one mutation put into the running functions/, in a fork, and what the tests say of it there."""

from __future__ import annotations

import ast
import gc
import os
import re
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from importlib import import_module, reload
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from labs.mutation.mutations import Mutation

KILLED, SURVIVED, TIMEOUT, BROKEN = "killed", "survived", "timeout", "broken"
# A test takes a fraction of a second; one that computes or waits for so long goes in a circle.
MAX_CPU, MAX_WAIT = 20, 120


@dataclass(eq=False)
class Heard:
    """A plugin that hears whether a test failed."""

    failed: bool = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hear one phase of one test."""
        self.failed |= report.failed


@contextmanager
def silence() -> Iterator[None]:
    """Nothing is printed meanwhile, by whatever way."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    yield
    sys.stdout.flush()
    os.dup2(kept, 1)
    os.close(kept)
    os.close(nowhere)


def passes(item: pytest.Item) -> bool:
    """Run one test; what the whole session shares, and nothing else, stays set up."""
    heard = Heard()
    item.config.pluginmanager.register(heard)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_CPU)
    signal.alarm(MAX_WAIT)
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)
    item.config.pluginmanager.unregister(heard)
    return not heard.failed


def in_fork(work: Callable[[], str]) -> str:
    """What the work says, done in a fork of this process; that it timed out, or broke, if it says nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with silence():
                os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        said = told.read().decode()
    _, status = os.waitpid(child, 0)
    return TIMEOUT if os.WIFSIGNALED(status) else said or BROKEN


class Running:
    """functions/ as it runs in this process, where a fork can change it."""

    def __init__(self, first: pytest.Item, folder: Path) -> None:
        self.modules: dict[str, ModuleType] = {}
        self.functions: dict[tuple[str, str], list[FunctionType]] = {}
        # What a whole session shares is set up once, by its first test.
        with silence():
            passes(first)
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(folder).with_suffix("").parts)
            self.modules[str(path)] = import_module(name.removesuffix(".__init__"))
        for found in gc.get_objects():
            if type(found) is FunctionType and found.__code__.co_filename in self.modules:
                self.functions.setdefault((found.__code__.co_filename, found.__code__.co_qualname), []).append(found)
        self.caches = [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.alarm(0)
        gc.freeze()

    def code(self) -> Iterator[CodeType]:
        """All code of functions/ that runs when something is called."""
        for (_, name), functions in self.functions.items():
            if "<locals>" not in name:
                for function in functions:
                    yield from _codes(function.__code__)

    def judge(self, mutation: Mutation, tests: list[pytest.Item]) -> str:
        """What the tests say: survived, timeout, or killed and by which test."""
        return in_fork(lambda: self._verdict(mutation, tests))

    def _verdict(self, mutation: Mutation, tests: list[pytest.Item]) -> str:
        try:
            self._apply(mutation)
        except Exception as error:  # noqa: BLE001  whatever it is, it is told and looked at
            return f"{KILLED} on import" if mutation.is_constant else f"{BROKEN} {error!r}"
        killer = next((item.nodeid for item in tests if not passes(item)), None)
        return f"{KILLED} {killer}" if killer else SURVIVED

    def _apply(self, mutation: Mutation) -> None:
        path, module = str(mutation.path), self.modules[str(mutation.path)]
        tree = ast.parse(mutation.source())
        if mutation.is_constant:
            changed: set[str] = set()
            for name, value in _constants(tree):
                if name == mutation.owner or changed & {one.id for one in ast.walk(value) if isinstance(one, ast.Name)}:
                    _set_everywhere(module, name, _evaluated(value, module))
                    changed.add(name)
        else:
            code = _code_of(compile(tree, path, "exec", dont_inherit=True), mutation.owner)
            node = _definition(tree, mutation.owner.split("."))
            for function in self.functions[path, mutation.owner]:
                function.__code__ = code
                function.__defaults__ = tuple(_evaluated(one, module) for one in node.args.defaults)
                pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                function.__kwdefaults__ = {arg.arg: _evaluated(one, module) for arg, one in pairs if one is not None}
            self._make_handlers_anew(module.__name__)
        for cached in self.caches:
            if getattr(cached, "__module__", None) == module.__name__:
                cached.cache_clear()

    def _make_handlers_anew(self, changed: str) -> None:
        """What builds the handlers ran when they were imported."""
        for module in self.modules.values():
            used = {getattr(one, "__module__", None) for one in vars(module).values()}
            if module.__name__.endswith(".handler") and module.__name__ != changed and changed in used:
                reload(module)


def _code_of(code: CodeType, owner: str) -> CodeType:
    return next(one for one in _codes(code) if one.co_qualname == owner)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _definition(tree: ast.Module | ast.ClassDef, names: list[str]) -> ast.FunctionDef:
    kinds = ast.ClassDef | ast.FunctionDef
    found = next(one for one in tree.body if isinstance(one, kinds) and one.name == names[0])
    return found if isinstance(found, ast.FunctionDef) else _definition(found, names[1:])


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for one in tree.body:
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None:
            target = one.targets[0] if isinstance(one, ast.Assign) else one.target
            if isinstance(target, ast.Name) and target.id.isupper():
                yield target.id, one.value


def _evaluated(expression: ast.expr, module: ModuleType) -> Any:
    code = compile(ast.Expression(expression), str(module.__file__), "eval", dont_inherit=True)
    return eval(code, vars(module))  # noqa: S307  our own code, changed on purpose


def _set_everywhere(home: ModuleType, constant: str, value: object) -> None:
    """Also where it was imported to: a test that takes a number from the code promises nothing about it."""
    old = vars(home)[constant]
    setattr(home, constant, value)
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if vars(module).get(constant) is old and path and path.endswith(".py"):
            text = Path(path).read_text(encoding="utf-8")
            if re.search(rf"^from {home.__name__} import [^#]*?\b{constant}\b", text, re.MULTILINE):
                setattr(module, constant, value)
