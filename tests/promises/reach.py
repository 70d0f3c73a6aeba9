"""Which refusals a route can come to, read from the code: calls are followed from its function to every raise."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from smartident import errors
from tests.promises.source import MODULES, Module

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSALS = {
    name: one.code for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.Refusal)
}


@dataclass(frozen=True)
class Place:
    """A function at the top of a module, or a method: `SnsSms.send`."""

    module: str
    name: str


@cache
def definitions(module: str) -> dict[str, ast.FunctionDef]:
    """The functions of a module by name, methods under their class's."""
    found: dict[str, ast.FunctionDef] = {}
    for node in MODULES[module].tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + one.name: one for one in inner if isinstance(one, ast.FunctionDef)}
    return found


@cache
def loaded(handler: str) -> frozenset[str]:
    """The modules that a handler's import brings along, itself included."""
    found, waiting = set(), [handler]
    while waiting:
        name = waiting.pop()
        if name in MODULES and name not in found:
            found.add(name)
            waiting += MODULES[name].imports()
    return frozenset(found)


@cache
def methods(name: str, handler: str) -> list[Place]:
    """Every loaded method of this name: whose it is cannot be told from a call, so all of them count."""
    return [Place(module, one) for module in loaded(handler) for one in definitions(module) if one.endswith(f".{name}")]


@cache
def known(module: str) -> dict[str, Place]:
    """The names of a module that stand for functions and refusals of ours."""
    found = {name: Place(module, name) for name in definitions(module)}
    for node in ast.walk(MODULES[module].tree):
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            named = [(alias.asname or alias.name, Place(node.module, alias.name)) for alias in node.names]
            found |= {name: place for name, place in named if place.name in definitions(place.module).keys() | REFUSALS}
    return found


class Reach:
    """What the functions of one handler can come to."""

    def __init__(self, handler: str) -> None:
        self.handler = handler

    def codes(self, function: str) -> set[str]:
        """The codes of all refusals that a function of the handler, and all that it calls, can raise."""
        return {REFUSALS[name] for name in self._raised(Place(self.handler, function), frozenset())}

    @cache  # noqa: B019  the reach of nine handlers is kept as long as the tests run
    def _raised(self, place: Place, above: frozenset[Place]) -> frozenset[str]:
        if place in above:
            return frozenset()
        return frozenset(self._of(definitions(place.module)[place.name], MODULES[place.module], above | {place}))

    def _of(self, node: ast.AST, module: Module, above: frozenset[Place]) -> Iterator[str]:
        if node in module.for_types or isinstance(node, ast.AnnAssign):
            return
        if isinstance(node, ast.Try):
            yield from self._of_try(node, module, above)
            return
        if isinstance(node, ast.Name):
            yield from self._of_name(node.id, module, above)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for place in methods(node.func.attr, self.handler):
                yield from self._raised(place, above)
        for child in node.body if isinstance(node, ast.FunctionDef) else ast.iter_child_nodes(node):
            yield from self._of(child, module, above)

    def _of_name(self, name: str, module: Module, above: frozenset[Place]) -> Iterator[str]:
        place = known(module.name).get(name)
        if place is not None and place.module == errors.__name__:
            yield place.name
        elif place is not None:
            yield from self._raised(place, above)

    def _of_try(self, node: ast.Try, module: Module, above: frozenset[Place]) -> Iterator[str]:
        """What the block raises, less what is caught; a handler that raises again gives it back."""
        within = {name for part in node.body for name in self._of(part, module, above)}
        for handler in node.handlers:
            caught = {one.id for one in ast.walk(handler.type) if isinstance(one, ast.Name)} if handler.type else set()
            if not any(isinstance(one, ast.Raise) and one.exc is None for one in ast.walk(handler)):
                within = set() if "Refusal" in caught else within - caught
            for part in handler.body:
                yield from self._of(part, module, above)
        yield from within
        for part in [*node.orelse, *node.finalbody]:
            yield from self._of(part, module, above)
