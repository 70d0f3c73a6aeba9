"""Who decides or revokes finds the login or the phone changed: each conditional write, met by a stale object."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smartident.accounts.account import Account, read_account
from smartident.accounts.item.row import AccountRow, read_item
from smartident.admin.export import export_account
from smartident.approvals import decide
from smartident.devices.device import Device, read_device
from smartident.errors import DeviceRevoked, LoginDecided, LoginExpired, LoginNotFound, ServiceUnavailable
from smartident.logins.login import Login, LoginRow, row_key
from smartident.storage import writes
from smartident.storage.operations import Again
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME, Scene
from tests.support.world import NOW, Phone


def device_of(phone: Phone) -> Device:
    device = read_device(phone.account_id, phone.key.thumbprint)
    assert device is not None
    return device


def approve(scene: Scene, *, now: int = NOW) -> str | None:
    """The phone approves the login as it was when the scene began; what it finds instead, if it cannot."""
    return state(decide.approve(scene.started.login, device_of(scene.phone), receipt="{}", now=now))


def deny(scene: Scene, *, reason: str = "changed_my_mind", now: int = NOW) -> str | None:
    """The phone denies the login as it was when the scene began; what it finds instead, if it cannot."""
    return state(decide.deny(scene.started.login, device_of(scene.phone), reason=reason, evidence="", now=now))


def decided(scene: Scene, wish: str) -> str:
    """The phone decides as its app does, over what it reads now."""
    if wish == "approve":
        return scene.world.approve(scene.phone, scene.started)
    return scene.world.decide(scene.phone, scene.started.login.id, NOT_ME)


def state(again: Again[Login] | None) -> str | None:
    return None if again is None else again.state.state


def test_an_approval_finds_the_login_denied(scene: Scene) -> None:
    scene.world.decide(scene.phone, scene.started.login.id, CHANGED_MY_MIND)
    assert approve(scene) == "denied"
    assert scene.row().state == "denied"


def test_an_approval_finds_the_login_approved(scene: Scene) -> None:
    scene.world.approve(scene.world.paired_phone(scene.phone, scene.anna), scene.started)
    assert approve(scene) == "approved"
    assert scene.row().decided_by != scene.phone.key.thumbprint


def test_an_approval_comes_a_second_late(scene: Scene) -> None:
    assert approve(scene, now=NOW + 180) == "pending"
    assert scene.still_waits()
    assert approve(scene, now=NOW + 179) is None


def test_a_denial_comes_a_second_late(scene: Scene) -> None:
    assert deny(scene, now=NOW + 180) == "pending"
    assert scene.still_waits()
    assert deny(scene, now=NOW + 179) is None


def test_a_denial_finds_the_login_completed(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    scene.world.complete(scene.started)
    assert deny(scene) == "completed"
    assert scene.row().state == "completed"


def test_a_denial_finds_the_completion_window_closed(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    assert deny(scene, now=NOW + 60) == "approved"
    assert deny(scene, now=NOW + 59) is None
    assert scene.row().state == "denied"


def test_a_decision_finds_its_phone_revoked(scene: Scene) -> None:
    stale = device_of(scene.phone)
    scene.world.revoke(scene.world.paired_phone(scene.phone, scene.anna), stale.id)
    with pytest.raises(DeviceRevoked):
        decide.approve(scene.started.login, stale, receipt="{}", now=NOW)
    with pytest.raises(DeviceRevoked):
        decide.deny(scene.started.login, stale, reason="changed_my_mind", evidence="", now=NOW)
    assert scene.still_waits()


@pytest.mark.parametrize("wish", ["approve", "not_me"])
def test_a_phone_revoked_while_it_decides_decides_nothing(scene: Scene, wish: str) -> None:
    """It was active when its request was read."""
    world, other = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    place = "UpdateItem" if wish == "approve" else "TransactWriteItems"
    world.aws.before(place, lambda: world.revoke(other, scene.phone.key.thumbprint))
    with pytest.raises(DeviceRevoked):
        decided(scene, wish)
    assert scene.still_waits()
    assert world.approve(other, scene.started) == "approved"


def test_a_not_me_makes_no_account_that_is_gone(scene: Scene) -> None:
    AccountRow.get(scene.anna.id, "ACCOUNT").delete()
    with pytest.raises(LoginNotFound):
        deny(scene, reason="not_me")
    assert read_item(scene.anna.id) is None
    assert scene.still_waits()


def test_a_decision_finds_the_login_gone(scene: Scene) -> None:
    scene.row().delete()
    for act in (approve, deny):
        with pytest.raises(LoginNotFound):
            act(scene)


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("wish", ["approve", "not_me"])
def test_a_decision_outrun_too_often_asks_to_come_back(scene: Scene, wish: str, times: int) -> None:
    """It finds the login waiting each time, and each time cannot write."""
    world = scene.world
    world.monkeypatch.setattr(writes, "MAX_CONFLICT_RETRIES", 3)
    if wish == "approve":
        world.aws.fails("UpdateItem", "ConditionalCheckFailedException", times=times)
    else:
        why = "ConditionalCheckFailed"
        world.aws.fails("TransactWriteItems", "TransactionCanceledException", reason=why, on=2, times=times)
    if times == 3:
        with pytest.raises(ServiceUnavailable) as refused:
            decided(scene, wish)
        assert refused.value.details == {"retry_after": 1}
        assert scene.still_waits()
    assert decided(scene, wish) == {"approve": "approved", "not_me": "denied"}[wish]


def test_a_late_decision_is_told_what_became_of_the_login(scene: Scene) -> None:
    device, login = device_of(scene.phone), scene.started.login
    with pytest.raises(LoginExpired):
        decide.check_open(login, device, wish="approved", now=NOW + 180)
    with pytest.raises(LoginDecided):
        decide.check_open(replace(login, state="cancelled"), device, wish="denied", now=NOW)


def test_a_cancelled_login_is_neither_approved_nor_denied(scene: Scene) -> None:
    row = row_key(scene.started.login.id)
    row.update(actions=[LoginRow.state.set("cancelled")])
    for act in (approve, deny):
        assert act(scene) == "cancelled"
    assert scene.row().state == "cancelled"


def test_two_phones_revoked_while_a_login_waits_are_both_barred_from_it(scene: Scene) -> None:
    world, stale = scene.world, device_of(scene.phone)
    second, third = world.paired_phone(scene.phone, scene.anna), world.paired_phone(scene.phone, scene.anna)
    other = device_of(second)
    world.revoke(third, stale.id)
    world.revoke(third, other.id)
    for device in (stale, other):
        with pytest.raises(DeviceRevoked):
            decide.approve(scene.started.login, device, receipt="{}", now=NOW)
    assert {stale.id, other.id} == set((scene.row().barred_device_ids or "").split())
    assert "barred_device_ids" in next(row for row in export_account(account_of(scene)) if row["kind"] == "login")
    assert world.approve(third, scene.started) == "approved"


def account_of(scene: Scene) -> Account:
    account = read_account(scene.anna.id)
    assert account is not None
    return account
