"""A random id that is drawn a second time overwrites nothing: whoever drew it first keeps what is theirs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.errors import InvalidRequest, ServiceUnavailable
from smartident.logins.reading import read_login
from smartident.storage import writes

if TYPE_CHECKING:
    from tests.support.scenarios import Scene
    from tests.support.world import World


ID_BYTES = 16


@pytest.fixture
def one_draw(world: World) -> None:
    """From now on, all ids are drawn alike; secrets still differ, and nothing is laid down that was lived before."""
    world.remember(None)
    drawn = secrets.token_bytes
    world.monkeypatch.setattr(secrets, "token_bytes", lambda count: bytes(count) if count == ID_BYTES else drawn(count))


def test_an_account(world: World, one_draw: None) -> None:
    anna = world.account()
    with pytest.raises(InvalidRequest):
        world.account()
    assert read_account(anna.id) == anna


def test_a_login(scene: Scene, one_draw: None) -> None:
    first = scene.world.start(scene.anna)
    with pytest.raises(ServiceUnavailable):
        scene.world.start(scene.anna)
    assert read_login(first.login.id) == first.login


def test_a_record(scene: Scene, one_draw: None) -> None:
    scene.world.monkeypatch.setattr(writes, "MAX_CONFLICT_RETRIES", 2)
    scene.world.later(1)
    scene.world.phone(scene.anna)
    with pytest.raises(ServiceUnavailable):
        scene.world.phone(scene.anna)
    rows = list(AuditRecordRow.query(scene.anna.id, AuditRecordRow.sk.startswith("RECORD#")))
    assert len(rows) == 2
    assert len(scene.world.devices(scene.phone)) == 2
