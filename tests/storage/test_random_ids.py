"""A random id that is drawn a second time overwrites nothing: whoever drew it first keeps what is theirs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.account import Account, read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.names import find_accounts
from smartident.admin.create import create_account
from smartident.devices.rename import rename_device
from smartident.errors import InvalidRequest, ServiceUnavailable
from smartident.logins.reading import read_login
from smartident.storage import writes
from tests.support.world import NOW, PASSWORD

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


def account(number: str) -> Account:
    members: dict[str, Any] = {"email": None, "phone": None, "two_factor": False}
    return create_account(number, PASSWORD, display_name="Anna Berger", now=NOW, **members)


def test_an_account(world: World, one_draw: None) -> None:
    anna = account("1")
    with pytest.raises(InvalidRequest):
        account("2")
    assert read_account(anna.id) == anna
    assert find_accounts("2") == []


def test_a_login(scene: Scene, one_draw: None) -> None:
    first = scene.world.start(scene.anna)
    with pytest.raises(ServiceUnavailable):
        scene.world.start(scene.anna)
    assert read_login(first.login.id) == first.login


def test_a_record(scene: Scene, one_draw: None) -> None:
    scene.world.monkeypatch.setattr(writes, "MAX_CONFLICT_RETRIES", 2)
    scene.world.later(1)
    own, now = scene.phone.key.thumbprint, scene.world.now
    rename_device(scene.anna.id, own, name="Eins", now=now)
    with pytest.raises(ServiceUnavailable):
        rename_device(scene.anna.id, own, name="Zwei", now=now)
    rows = list(AuditRecordRow.query(scene.anna.id, AuditRecordRow.sk.startswith("RECORD#")))
    assert len(rows) == 2
    assert [device["name"] for device in scene.world.devices(scene.phone)] == ["Eins"]
