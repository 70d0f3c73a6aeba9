"""A random id that is drawn a second time overwrites nothing: whoever drew it first keeps what is theirs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from smartident.accesses import read_access
from smartident.errors import InvalidRequest, ServiceUnavailable
from smartident.logins import read_login
from smartident.records import RecordRow

if TYPE_CHECKING:
    from tests.scenes import Scene
    from tests.world import World


@pytest.fixture
def one_draw(world: World) -> None:
    """From now on, chance always falls the same way."""
    world.monkeypatch.setattr(secrets, "token_bytes", lambda count=32: bytes(count or 32))


def test_an_access(world: World, one_draw: None) -> None:
    anna = world.access()
    with pytest.raises(InvalidRequest):
        world.access()
    assert read_access(anna.id) == anna


def test_a_login(scene: Scene, one_draw: None) -> None:
    first = scene.world.start(scene.anna)
    with pytest.raises(ServiceUnavailable):
        scene.world.start(scene.anna)
    assert read_login(first.login.id) == first.login


def test_a_record(scene: Scene, one_draw: None) -> None:
    scene.world.later(1)
    scene.world.phone(scene.anna)
    with pytest.raises(ServiceUnavailable):
        scene.world.phone(scene.anna)
    rows = list(RecordRow.query(scene.anna.id, RecordRow.sk.startswith("RECORD#")))
    assert len(rows) == 2
    assert len(scene.world.devices(scene.phone)) == 2
