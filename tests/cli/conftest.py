"""An operator, in front of a stack on moto whose functions have the world's settings."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
import typer.main

from tests.cli.operator import Operator
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def one_command() -> Iterator[None]:
    """The command is put together once a process; each run of it is a new one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(typer.main.get_command))
        yield


@pytest.fixture
def operator(world: World) -> Operator:
    return Operator()
