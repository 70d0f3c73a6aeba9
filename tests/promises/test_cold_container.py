"""No test depends on what the one before it read: what a container keeps is forgotten between them, or named here."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cold_container import cool
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS = Path("functions")
# The same whoever reads it: the clients of AWS, the log, the trusted authorities, a hash of nobody's password.
THE_SAME_FOR_ALL = {
    "smartident.aws._session",
    "smartident.aws.client",
    "smartident.outbound.post._trusted",
    "smartident.passwords.hashing.decoy_hash",
    "smartident.telemetry._logger",
}


def kept() -> Iterator[str]:
    """Everything that a container keeps, by its name."""
    for path in sorted(FUNCTIONS.rglob("*.py")):
        module = ".".join(path.relative_to(FUNCTIONS).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any("cache" in ast.unparse(one) for one in node.decorator_list):
                yield f"{module}.{node.name}"


@pytest.mark.parametrize("name", sorted(set(kept()) - THE_SAME_FOR_ALL))
def test_a_cold_container_has_read_nothing(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    module, _, function = name.rpartition(".")
    forgotten: list[str] = []
    reader: Any = getattr(import_module(module), function)
    plain = reader.cache_clear

    class Watched:
        def __call__(self, *args: Any, **members: Any) -> Any:
            return reader(*args, **members)

        def cache_clear(self) -> None:
            forgotten.append(name)
            plain()

    for place in (import_module(module), import_module("tests.support.cold_container")):
        if getattr(place, function, None) is reader:
            monkeypatch.setattr(place, function, Watched())
    cool()
    world.set()
    assert forgotten == [name]
