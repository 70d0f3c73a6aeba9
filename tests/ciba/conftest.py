"""The clients that ask phones by themselves, as every test here finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.ciba_flow import BackEnd, add_back_ends
from tests.support.oidc_flow import add_clients

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World


@pytest.fixture(autouse=True)
def clients(world: World, anna: Account) -> None:
    world.stop_the_clock()
    add_clients(world)
    add_back_ends(world, anna)


@pytest.fixture
def back_end(world: World) -> BackEnd:
    """The server of the client that polls."""
    return BackEnd(world)
