"""Who decides or revokes finds the login or the phone changed: each conditional write, met by a stale object."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import (
    Account,
    AccountRow,
    read_account,
    read_item,
)
from smartident.admin.export import export_account
from smartident.approvals import decide
from smartident.devices.device import Device, read_device
from smartident.errors import (
    LoginDecided,
    LoginExpired,
    ServiceUnavailable,
)
from smartident.logins.login import LoginRow, row_key
from smartident.storage.table import Conflict
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME, Scene
from tests.support.world import NOW, Phone

if TYPE_CHECKING:
    pass


def device_of(phone: Phone) -> Device:
    device = read_device(phone.account_id, phone.key.thumbprint)
    assert device is not None
    return device


def approve(scene: Scene, *, now: int = NOW) -> None:
    """The phone approves the login as it was when the scene began."""
    decide.approve(scene.opened.login, device_of(scene.phone), receipt="{}", now=now)


def deny(scene: Scene, *, reason: str = "changed_my_mind", now: int = NOW) -> None:
    """The phone denies the login as it was when the scene began."""
    decide.deny(scene.opened.login, device_of(scene.phone), reason=reason, evidence="", now=now)


def test_an_approval_finds_the_login_denied(scene: Scene) -> None:
    scene.world.decide(scene.phone, scene.opened.login.id, CHANGED_MY_MIND)
    with pytest.raises(Conflict):
        approve(scene)
    assert scene.row().state == "denied"


def test_an_approval_finds_the_login_approved(scene: Scene) -> None:
    scene.world.approve(scene.world.phone(scene.anna), scene.opened)
    with pytest.raises(Conflict):
        approve(scene)
    assert scene.row().decided_by != scene.phone.key.thumbprint


def test_an_approval_comes_a_second_late(scene: Scene) -> None:
    with pytest.raises(Conflict):
        approve(scene, now=NOW + 180)
    assert scene.still_waits()


def test_a_denial_comes_a_second_late(scene: Scene) -> None:
    with pytest.raises(Conflict):
        deny(scene, now=NOW + 180)
    assert scene.still_waits()


def test_a_denial_finds_the_login_completed(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.opened)
    scene.world.complete(scene.opened)
    with pytest.raises(Conflict):
        deny(scene)
    assert scene.row().state == "completed"


def test_a_denial_finds_the_completion_window_closed(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.opened)
    with pytest.raises(Conflict):
        deny(scene, now=NOW + 60)
    deny(scene, now=NOW + 59)
    assert scene.row().state == "denied"


def test_a_decision_finds_its_phone_revoked(scene: Scene) -> None:
    stale = device_of(scene.phone)
    scene.world.revoke(scene.world.phone(scene.anna), stale.id)
    with pytest.raises(Conflict):
        decide.approve(scene.opened.login, stale, receipt="{}", now=NOW)
    with pytest.raises(Conflict):
        decide.deny(scene.opened.login, stale, reason="changed_my_mind", evidence="", now=NOW)
    assert scene.still_waits()


def test_a_not_me_makes_no_account_that_is_gone(scene: Scene) -> None:
    AccountRow.get(scene.anna.id, "ACCOUNT").delete()
    with pytest.raises(Conflict):
        deny(scene, reason="not_me")
    assert read_item(scene.anna.id) is None
    assert scene.still_waits()


@pytest.mark.parametrize("times", [1, 7, 8])
def test_a_decision_outrun_too_often_asks_to_come_back(scene: Scene, times: int) -> None:
    scene.world.aws.fails(
        "TransactWriteItems", "TransactionCanceledException", times=times, reason="ConditionalCheckFailed"
    )
    if times < 8:
        assert scene.world.decide(scene.phone, scene.opened.login.id, NOT_ME) == "denied"
        return
    with pytest.raises(ServiceUnavailable) as refused:
        scene.world.decide(scene.phone, scene.opened.login.id, NOT_ME)
    assert refused.value.details == {"retry_after": 1}
    assert scene.still_waits()


def test_a_late_decision_is_told_what_became_of_the_login(scene: Scene) -> None:
    device, login = device_of(scene.phone), scene.opened.login
    with pytest.raises(LoginExpired):
        decide.check_open(login, device, wish="approved", now=NOW + 180)
    with pytest.raises(LoginDecided):
        decide.check_open(replace(login, state="cancelled"), device, wish="denied", now=NOW)


def test_a_cancelled_login_is_neither_approved_nor_denied(scene: Scene) -> None:
    row = row_key(scene.opened.login.id)
    row.update(actions=[LoginRow.state.set("cancelled")])
    for act in (approve, deny):
        with pytest.raises(Conflict):
            act(scene)
    assert scene.row().state == "cancelled"


def test_two_phones_revoked_while_a_login_waits_are_both_barred_from_it(scene: Scene) -> None:
    world, stale = scene.world, device_of(scene.phone)
    second, third = world.phone(scene.anna), world.phone(scene.anna)
    other = device_of(second)
    world.revoke(third, stale.id)
    world.revoke(third, other.id)
    for device in (stale, other):
        with pytest.raises(Conflict):
            decide.approve(scene.opened.login, device, receipt="{}", now=NOW)
    assert {stale.id, other.id} == set((scene.row().barred_device_ids or "").split())
    assert "barred_device_ids" in next(row for row in export_account(account_of(scene)) if row["kind"] == "login")
    assert world.approve(third, scene.opened) == "approved"


def account_of(scene: Scene) -> Account:
    account = read_account(scene.anna.id)
    assert account is not None
    return account
