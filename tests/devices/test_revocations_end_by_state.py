"""A revocation ends what its phone approved and bars it from what waits, by state, whatever the clock says of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from smartident.approvals import decide
from smartident.devices.device import Device, read_device
from smartident.devices.revoke import MAX_LOGINS_PER_TRANSACTION, revoke
from smartident.errors import DeviceRevoked, LoginDenied
from smartident.logins.login import LoginRow
from smartident.logins.transitions import complete_login
from tests.support.stored_items import multiply

if TYPE_CHECKING:
    from tests.support.scenarios import Scene
    from tests.support.world import Phone, World

# Behind and ahead of the service's clock; at 180 what waits is over in this very second.
CLOCKS = [-300, -200, -1, 90, 179, 180, 300]


def device_of(phone: Phone) -> Device:
    device = read_device(phone.account_id, phone.key.thumbprint)
    assert device is not None
    return device


def logins(scene: Scene) -> list[str]:
    """The states of all logins of the account."""
    return sorted(row.state for row in LoginRow.query(scene.anna.id, LoginRow.sk.startswith("LOGIN#")))


@pytest.mark.parametrize("ahead", CLOCKS)
def test_an_approval_on_its_way_comes_too_late(scene: Scene, ahead: int) -> None:
    world, lost = scene.world, device_of(scene.phone)
    other = world.paired_phone(scene.phone, scene.anna)
    revoke(scene.anna.id, lost.id, by=None, now=world.now + ahead)
    with pytest.raises(DeviceRevoked):
        decide.approve(scene.started.login, lost, receipt="{}", now=world.now)
    assert scene.still_waits()
    assert world.approve(other, scene.started) == "approved"


@pytest.mark.parametrize("ahead", CLOCKS)
def test_what_another_phone_approved_lives_on(scene: Scene, ahead: int) -> None:
    world, lost = scene.world, device_of(scene.phone)
    world.approve(world.paired_phone(scene.phone, scene.anna), scene.started)
    revoke(scene.anna.id, lost.id, by=None, now=world.now + ahead)
    assert world.complete(scene.started)["id_token"]


def test_a_session_is_completed_while_another_phone_is_revoked(scene: Scene) -> None:
    """Between the read of the account's epoch and the write that completes."""
    world, lost = scene.world, device_of(scene.phone)
    world.approve(world.paired_phone(scene.phone, scene.anna), scene.started)
    world.aws.before("UpdateItem", lambda: revoke(scene.anna.id, lost.id, by=None, now=world.now))
    assert world.complete(scene.started)["id_token"]


def test_a_phone_approves_while_another_is_revoked(scene: Scene) -> None:
    """Between what the approval was decided by and its write: what was approved counts in the next epoch."""
    world, lost = scene.world, device_of(scene.phone)
    other = world.paired_phone(scene.phone, scene.anna)
    world.aws.before("UpdateItem", lambda: revoke(scene.anna.id, lost.id, by=None, now=world.now))
    assert world.approve(other, scene.started) == "approved"
    assert world.complete(scene.started)["id_token"]


@pytest.mark.parametrize("by", ["another phone", "itself"])
def test_a_phone_takes_back_what_is_over_in_this_very_second(scene: Scene, by: str) -> None:
    """The container that completes may be a second behind."""
    world, lost = scene.world, device_of(scene.phone)
    asking = world.paired_phone(scene.phone, scene.anna) if by == "another phone" else scene.phone
    world.approve(scene.phone, scene.started)
    world.later(60)
    world.revoke(asking, lost.id)
    world.later(-1)
    with pytest.raises(LoginDenied):
        world.complete(scene.started)


@pytest.fixture
def few_fit_in(world: World) -> None:
    """A transaction that holds three approvals; the real one is tried once, with all that fits in."""
    world.monkeypatch.setattr("smartident.devices.revoke.MAX_LOGINS_PER_TRANSACTION", 3)
    # What is not taken back is not granted again either: nothing else would end it.
    world.monkeypatch.setattr("smartident.devices.grant_epoch.MAX_REGRANTED_LOGINS", 1)


def approved(scene: Scene, most: int) -> None:
    """So many logins that the phone approved."""
    scene.world.approve(scene.phone, scene.started)
    multiply(scene.row(), most)


@pytest.mark.parametrize("most", [2, 3, 4, 6, 7, 8])
def test_however_many_logins_a_phone_approved_all_of_them_end(scene: Scene, few_fit_in: None, most: int) -> None:
    approved(scene, most)
    scene.world.revoke(scene.phone, scene.phone.key.thumbprint)
    assert logins(scene) == ["denied"] * most


def test_all_that_fits_in_one_transaction_ends_in_it(scene: Scene) -> None:
    approved(scene, MAX_LOGINS_PER_TRANSACTION)
    scene.world.aws.calls.clear()
    scene.world.revoke(scene.phone, scene.phone.key.thumbprint)
    assert scene.world.aws.operations().count("TransactWriteItems") == 1
    assert logins(scene) == ["denied"] * MAX_LOGINS_PER_TRANSACTION


@pytest.mark.parametrize(("place", "after"), [("last", 0), ("first", 1)], ids=["in advance", "in the revocation"])
def test_of_many_logins_one_that_is_completed_meanwhile_stays_completed(
    scene: Scene, few_fit_in: None, place: str, after: int
) -> None:
    world, own = scene.world, scene.started.login.id
    approved(scene, 5)
    login_id = own if place == "last" else f"{own[:-3]}001"
    complete = partial(complete_login, login_id, scene.started.token, now=world.now)
    world.aws.before("TransactWriteItems", complete, after=after)
    world.revoke(scene.phone, scene.phone.key.thumbprint)
    assert logins(scene) == ["completed", *["denied"] * 4]
