"""What tests of passkeys begin with: a person who has just logged in with her phone."""

from __future__ import annotations

import pytest

from tests.support.login_passkey import LoginPasskey, made, signed_in
from tests.support.scenarios import Scene, scene_of
from tests.support.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    return scene_of(world)


@pytest.fixture
def session(world: World, scene: Scene) -> str:
    """A login that her phone approved just now."""
    return signed_in(world, scene.phone, scene.started)


@pytest.fixture
def passkey(world: World, session: str) -> LoginPasskey:
    """A passkey of hers."""
    return made(world, session)
