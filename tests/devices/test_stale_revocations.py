"""Who revokes a phone finds it, itself or its logins changed: the transaction, met by a stale object."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import Account, read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.item.row import AccountRow
from smartident.devices.device import Device, read_device
from smartident.devices.rename import rename_device, write_name
from smartident.devices.revoke import write_revocation
from smartident.devices.snapshot import read_snapshot
from smartident.errors import DeviceNotFound, DeviceRevoked, ServiceUnavailable
from smartident.logins.reading import read_login
from smartident.storage import writes
from smartident.storage.operations import Again
from tests.support.rivals import outrun
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
    return Rival(scene, scene.world.paired_phone(scene.phone, scene.anna))


def account_of(scene: Scene) -> Account:
    account = read_account(scene.anna.id)
    assert account is not None
    return account


def revocation(rival: Rival, *, knows_the_log: bool = True) -> Callable[[], Again[None] | None]:
    """A revocation of the rival that was read up to here and is written when called.

    It knows where the log stands then, unless that is what it is about: the log alone would stop whatever is on record.
    """
    scene, by = rival.scene, device_of(rival.scene.phone)
    stale, snapshot = account_of(scene), read_snapshot(scene.anna.id, now=NOW)

    def revoke() -> Again[None] | None:
        account = account_of(scene) if knows_the_log else stale
        return write_revocation(account, snapshot, rival.id, by=by, now=NOW)

    return revoke


def active_devices(scene: Scene) -> int:
    return int(AccountRow.get(scene.anna.id, "ACCOUNT", consistent_read=True).active_devices)


def test_a_revocation_finds_it_done(rival: Rival) -> None:
    revoke = revocation(rival)
    rival.scene.world.revoke(rival.phone, rival.id)
    assert revoke() == Again(None)
    assert active_devices(rival.scene) == 1


def test_a_revocation_finds_its_own_phone_revoked(rival: Rival) -> None:
    revoke = revocation(rival)
    rival.scene.world.revoke(rival.phone, rival.scene.phone.key.thumbprint)
    assert revoke() == Again(None)
    assert device_of(rival.phone).active


def test_a_revocation_finds_a_login_approved_by_the_phone_that_it_revokes(rival: Rival) -> None:
    revoke = revocation(rival)
    rival.scene.world.approve(rival.phone, rival.scene.started)
    assert revoke() == Again(None)
    assert device_of(rival.phone).active


def test_a_revocation_finds_a_login_begun_and_approved_since(rival: Rival) -> None:
    world = rival.scene.world
    revoke = revocation(rival, knows_the_log=False)
    begun = world.start(rival.scene.anna)
    world.approve(rival.phone, begun)
    assert revoke() == Again(None)
    world.revoke(rival.scene.phone, rival.id)
    assert read_login(begun.login.id).state == "denied"


def test_a_revocation_finds_the_approved_login_completed(rival: Rival) -> None:
    world = rival.scene.world
    world.approve(rival.phone, rival.scene.started)
    revoke = revocation(rival)
    world.complete(rival.scene.started)
    assert revoke() == Again(None)
    world.revoke(rival.scene.phone, rival.id)
    assert rival.scene.row().state == "completed"


def test_a_revocation_finds_its_phone_barred_by_another_revocation(rival: Rival) -> None:
    """Each bars its device from all that waits: neither writes over the other's."""
    world, revoke = rival.scene.world, revocation(rival, knows_the_log=False)
    third = world.paired_phone(rival.phone, rival.scene.anna)
    assert revoke() == Again(None)
    revoke = revocation(rival, knows_the_log=False)
    world.revoke(rival.scene.phone, third.key.thumbprint)
    assert revoke() == Again(None)
    world.revoke(rival.scene.phone, rival.id)
    assert set((rival.scene.row().barred_device_ids or "").split()) == {third.key.thumbprint, rival.id}


def rename(scene: Scene) -> None:
    """Something else about the account goes on record."""
    world = scene.world
    world.now += 1
    rename_device(scene.anna.id, scene.phone.key.thumbprint, name=f"Telefon {world.now}", now=world.now)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_revocation_outrun_too_often_asks_to_come_back(rival: Rival, times: int) -> None:
    world = rival.scene.world
    world.monkeypatch.setattr(writes, "MAX_CONFLICT_RETRIES", 3)
    outrun(world.aws, "TransactWriteItems", partial(rename, rival.scene), times=times)
    if times == 3:
        with pytest.raises(ServiceUnavailable) as refused:
            world.revoke(rival.scene.phone, rival.id)
        assert refused.value.details == {"retry_after": 1}
        assert active_devices(rival.scene) == 2
    world.revoke(rival.scene.phone, rival.id)
    assert active_devices(rival.scene) == 1


def test_two_phones_that_revoke_each_other_leave_one(rival: Rival) -> None:
    world, own = rival.scene.world, rival.scene.phone
    world.aws.before("TransactWriteItems", partial(world.revoke, rival.phone, own.key.thumbprint))
    with pytest.raises(DeviceRevoked):
        world.revoke(own, rival.id)
    assert device_of(rival.phone).active
    assert active_devices(rival.scene) == 1


def test_a_name_finds_another_name(scene: Scene) -> None:
    account, stale = account_of(scene), device_of(scene.phone)
    rename(scene)
    assert write_name(account_of(scene), stale, name="Meins", now=NOW) == Again(None)
    assert write_name(account, device_of(scene.phone), name="Meins", now=NOW) == Again(None)
    assert device_of(scene.phone).name == f"Telefon {scene.world.now}"
    assert write_name(account_of(scene), device_of(scene.phone), name="Meins", now=NOW) is None


def test_a_phone_that_is_gone_is_not_made_by_its_name(scene: Scene) -> None:
    with pytest.raises(DeviceNotFound):
        scene.world.revoke(scene.phone, "nobody's")
    assert [row.type for row in AuditRecordRow.query(scene.anna.id, AuditRecordRow.sk.startswith("RECORD#"))] == [
        "device_registered"
    ]
