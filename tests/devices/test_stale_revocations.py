"""Who revokes a phone finds it, itself or its logins changed: the transaction, met by a stale object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import (
    AccountRow,
    read_item,
)
from smartident.accounts.audit_log import AuditRecordRow
from smartident.approvals import decide
from smartident.devices.device import Device, read_device
from smartident.devices.snapshot import read_snapshot
from smartident.errors import (
    DeviceNotFound,
    ServiceUnavailable,
)
from smartident.logins.reading import read_login
from smartident.storage.table import Conflict, transact
from tests.support.scenarios import Scene
from tests.support.world import NOW, Phone

if TYPE_CHECKING:
    from collections.abc import Callable


def device_of(phone: Phone) -> Device:
    device = read_device(phone.account_id, phone.key.thumbprint)
    assert device is not None
    return device


@dataclass
class Rival:
    """A second phone of the same account."""

    scene: Scene
    phone: Phone

    @property
    def id(self) -> str:
        return self.phone.key.thumbprint


@pytest.fixture
def rival(scene: Scene) -> Rival:
    return Rival(scene, scene.world.phone(scene.anna))


def revocation(rival: Rival, *, knows_the_log: bool = True) -> Callable[[], None]:
    """A revocation of the rival that was read up to here and is written when called.

    It knows where the log stands then, unless that is what it is about: the log alone would stop whatever is on record.
    """
    scene, by = rival.scene, device_of(rival.scene.phone)
    stale, snapshot = read_item(scene.anna.id), read_snapshot(scene.anna.id, now=NOW)

    def revoke() -> None:
        guard = read_item(scene.anna.id) if knows_the_log else stale
        assert guard is not None
        transact(partial(decide._revoke, guard=guard, snapshot=snapshot, device_id=rival.id, by=by, now=NOW))

    return revoke


def active_devices(scene: Scene) -> int:
    return int(AccountRow.get(scene.anna.id, "ACCOUNT", consistent_read=True).active_devices)


def test_a_revocation_finds_it_done(rival: Rival) -> None:
    revoke = revocation(rival)
    rival.scene.world.revoke(rival.phone, rival.id)
    with pytest.raises(Conflict):
        revoke()
    assert active_devices(rival.scene) == 1


def test_a_revocation_finds_its_own_phone_revoked(rival: Rival) -> None:
    revoke = revocation(rival)
    rival.scene.world.revoke(rival.phone, rival.scene.phone.key.thumbprint)
    with pytest.raises(Conflict):
        revoke()
    assert device_of(rival.phone).active


def test_a_revocation_finds_a_login_approved_by_the_phone_that_it_revokes(rival: Rival) -> None:
    revoke = revocation(rival)
    rival.scene.world.approve(rival.phone, rival.scene.opened)
    with pytest.raises(Conflict):
        revoke()
    assert device_of(rival.phone).active


def test_a_revocation_finds_a_login_begun_and_approved_since(rival: Rival) -> None:
    world = rival.scene.world
    revoke = revocation(rival, knows_the_log=False)
    begun = world.start(rival.scene.anna)
    world.approve(rival.phone, begun)
    with pytest.raises(Conflict):
        revoke()
    world.revoke(rival.scene.phone, rival.id)
    assert read_login(begun.login.id).state == "denied"


def test_a_revocation_finds_the_approved_login_completed(rival: Rival) -> None:
    world = rival.scene.world
    world.approve(rival.phone, rival.scene.opened)
    revoke = revocation(rival)
    world.complete(rival.scene.opened)
    with pytest.raises(Conflict):
        revoke()
    world.revoke(rival.scene.phone, rival.id)
    assert rival.scene.row().state == "completed"


@pytest.mark.parametrize("times", [1, 7, 8])
def test_a_revocation_outrun_too_often_asks_to_come_back(rival: Rival, times: int) -> None:
    world = rival.scene.world
    world.aws.fails("TransactWriteItems", "TransactionCanceledException", times=times, reason="ConditionalCheckFailed")
    if times < 8:
        world.revoke(rival.scene.phone, rival.id)
        assert active_devices(rival.scene) == 1
        return
    with pytest.raises(ServiceUnavailable) as refused:
        world.revoke(rival.scene.phone, rival.id)
    assert refused.value.details == {"retry_after": 1}
    assert active_devices(rival.scene) == 2


def test_a_phone_that_is_gone_is_not_made_by_its_name(scene: Scene) -> None:
    with pytest.raises(DeviceNotFound):
        scene.world.revoke(scene.phone, "nobody's")
    assert [row.type for row in AuditRecordRow.query(scene.anna.id, AuditRecordRow.sk.startswith("RECORD#"))] == [
        "device_registered"
    ]
