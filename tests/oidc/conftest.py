"""The clients of OpenID Connect, as every test here finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.oidc_flow import Flow, add_clients

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture(autouse=True)
def clients(world: World) -> None:
    world.stop_the_clock()
    add_clients(world)


@pytest.fixture
def flow(world: World) -> Flow:
    """An authorization of the client with a secret."""
    return Flow(world)
