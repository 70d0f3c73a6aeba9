"""An operator, in front of a stack on moto whose functions have the world's settings."""

import pytest

from tests.cli.operator import Operator
from tests.support.world import World


@pytest.fixture
def operator(world: World) -> Operator:
    return Operator()
