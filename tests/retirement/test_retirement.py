"""A phone that lets a new one in may sign that it leaves: once the new one has logged in, and a freeze undoes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import read_account
from smartident.admin.renew import renew_grants
from smartident.approvals.decide import Approve
from smartident.devices.device import REVOKED, read_device
from smartident.devices.revoke import revoke
from smartident.devices.snapshot import read_snapshot
from smartident.errors import ApprovalInvalid, DeviceRevoked
from smartident.freeze.freeze import freeze_account
from smartident.notices.outbox import recent_notices
from smartident.retirement import retire
from smartident.retirement.retire import retire_if_due
from smartident.storage.table import DAY
from tests.retirement.retiring import Pair
from tests.support.enrolment import active
from tests.support.rivals import outrun
from tests.support.world import ABROAD, NOW

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


def test_the_old_phone_stays_until_the_new_one_has_logged_in(pair: Pair) -> None:
    pair.world.listed(pair.new)
    pair.log_in(pair.old)
    started = pair.world.start(pair.anna)
    pair.world.approve(pair.new, started)
    pair.world.listed(pair.new)
    assert pair.world.listed(pair.old) == []
    assert active(pair.anna) == pair.both


def test_the_old_phone_is_refused_from_that_login_on_though_nobody_has_written_it_down(pair: Pair) -> None:
    waiting = pair.world.start(pair.anna)
    pair.log_in()
    for ask in (pair.world.listed, pair.world.devices, lambda old: pair.world.approve(old, waiting)):
        with pytest.raises(DeviceRevoked) as refused:
            ask(pair.old)
        told = {"revoked_at": pair.world.now - 1, "revoked_by": "Annas Telefon", "retired": True}
        assert refused.value.details == told
    assert active(pair.anna) == pair.both


def test_the_new_phones_next_question_takes_the_old_one_out(pair: Pair) -> None:
    before = read_account(pair.anna.id)
    pair.retire()
    pair.world.listed(pair.new)
    left = read_device(pair.anna.id, pair.old.key.thumbprint)
    assert left is not None
    assert before is not None
    assert (left.state, left.revoked_at, left.revoked_by) == (REVOKED, pair.world.now, "Annas Telefon")
    assert active(pair.anna) == {pair.new.key.thumbprint}
    assert pair.count() == 1
    after = read_account(pair.anna.id)
    assert after is not None
    assert after.grant_epoch == before.grant_epoch + 1
    (record,) = pair.records("device_retired")
    assert (record.device_id, record.detail) == (pair.old.key.thumbprint, pair.new.key.thumbprint)
    told = [one for one in recent_notices(pair.anna.id, since=NOW) if one.event == "device_retired"]
    assert [(one.by, one.device_name) for one in told] == [("Annas Telefon", "Annas Telefon")]
    with pytest.raises(DeviceRevoked) as refused:
        pair.world.listed(pair.old)
    assert refused.value.details["retired"] is True
    (event,) = [one for one in pair.world.events(pair.new)["events"] if one["type"] == "device_retired"]
    assert event["by"] == pair.new.key.thumbprint


def test_what_the_old_phone_approved_and_nobody_completed_is_taken_back(pair: Pair) -> None:
    started, own = pair.world.start(pair.anna), pair.world.start(pair.anna)
    pair.world.approve(pair.old, started)
    pair.world.approve(pair.new, own)
    pair.world.complete(own)
    pair.world.listed(pair.new)
    (denied,) = [one for one in pair.world.events(pair.new)["events"] if one["type"] == "login_denied"]
    assert (denied["login_id"], denied["reason"]) == (started.login.id, "device_revoked")


def test_nobody_leaves_who_has_not_signed_it(world: World) -> None:
    pair = Pair(world, retire=False)
    pair.retire()
    assert pair.world.listed(pair.old) == []
    assert active(pair.anna) == pair.both


def test_a_login_costs_nothing_more_where_nobody_leaves(world: World) -> None:
    pair = Pair(world, retire=False)
    pair.log_in()
    world.aws.clear()
    world.listed(pair.new)
    assert [call.operation for call in world.aws.calls] == ["Query"]


def test_another_phone_can_be_retired_by_nobody(world: World) -> None:
    """A phone signs for itself alone, and only where it lets a new one in."""
    anna = world.account()
    old = world.phone(anna)
    other, registered = world.paired_phone(old, anna), world.register(anna, world.new_phone())
    (waits,) = world.listed(old)
    said = old.evidence(waits["statement"], registered.pairing, retire=other.key.thumbprint, now=world.now)
    with pytest.raises(ApprovalInvalid):
        world.decide(old, registered.registration_id, Approve(said))
    started = world.start(anna)
    waits = next(one for one in world.listed(old) if one.get("login_id") == started.login.id)
    said = old.evidence(waits["statement"], started.transfer_code or "", retire=old.key.thumbprint, now=world.now)
    with pytest.raises(ApprovalInvalid):
        world.decide(old, started.login.id, Approve(said))


def test_a_phone_from_abroad_retires_nobody_before_it_has_cooled_off(world: World) -> None:
    pair = Pair(world, here=ABROAD)
    pair.retire()
    assert world.listed(pair.old) == []
    world.later(DAY)
    world.listed(pair.new)
    assert active(pair.anna) == {pair.new.key.thumbprint}


def test_the_old_phone_hears_when_the_cool_off_was_over(world: World) -> None:
    pair = Pair(world, here=ABROAD)
    pair.log_in()
    world.later(2 * DAY)
    with pytest.raises(DeviceRevoked) as refused:
        world.listed(pair.old)
    assert refused.value.details["revoked_at"] == NOW + 3 * DAY


def test_a_freeze_before_it_keeps_the_old_phone(pair: Pair) -> None:
    pair.log_in()
    pair.freeze(pair.new)
    assert pair.world.listed(pair.old) == pair.world.listed(pair.new) == []
    assert active(pair.anna) == pair.both
    assert (pair.count(), pair.records("device_restored")) == (2, [])


@pytest.mark.parametrize("by", ["the operator", "the new phone"])
def test_a_freeze_within_a_day_brings_the_old_phone_back_and_it_opens(pair: Pair, by: str) -> None:
    pair.retire()
    pair.world.later(DAY - 1)
    if by == "the operator":
        freeze_account(pair.anna.id, operator="desk", now=pair.world.now)
    else:
        pair.freeze(pair.new)
    assert active(pair.anna) == pair.both
    assert pair.count() == 2
    assert [record.device_id for record in pair.records("device_restored")] == [pair.old.key.thumbprint]
    pair.open(pair.old)
    pair.retire()
    assert active(pair.anna) == pair.both


def test_a_freeze_after_a_day_does_not(pair: Pair) -> None:
    pair.retire()
    pair.world.later(DAY)
    pair.freeze(pair.new)
    assert active(pair.anna) == {pair.new.key.thumbprint}
    assert (pair.count(), pair.records("device_restored")) == (1, [])


def test_what_else_begins_an_epoch_keeps_the_way_back(pair: Pair) -> None:
    pair.retire()
    renew_grants(pair.anna.id, now=pair.world.now)
    pair.freeze(pair.new)
    assert active(pair.anna) == pair.both


def test_the_same_decision_come_again_is_one(world: World) -> None:
    anna = world.account()
    old, registered = world.phone(anna), world.register(anna, world.new_phone())
    (waits,) = world.listed(old)
    said = Approve(old.evidence(waits["statement"], registered.pairing, retire=old.key.thumbprint, now=world.now))
    assert [world.decide(old, registered.registration_id, said) for _ in range(2)] == ["approved", "approved"]


def test_a_freeze_in_between_wins(pair: Pair) -> None:
    """The freeze comes after the retirement has read, and before it writes."""
    pair.log_in()
    now = pair.world.now
    snapshot = read_snapshot(pair.anna.id, now=now)
    outrun(
        pair.world.aws, "TransactWriteItems", lambda: freeze_account(pair.anna.id, operator="desk", now=now), times=1
    )
    retire_if_due(snapshot.devices[pair.new.key.thumbprint], snapshot, now=now)
    assert active(pair.anna) == pair.both
    assert (pair.records("device_retired"), pair.count()) == ([], 2)


def test_an_account_erased_in_between_retires_nobody(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.log_in()
    monkeypatch.setattr(retire, "read_account", lambda _: None)
    pair.world.listed(pair.new)
    assert active(pair.anna) == pair.both


@pytest.mark.parametrize("by", ["itself", "the operator", "another phone"])
def test_who_left_stays_out_when_the_new_phone_is_removed_before_anybody_wrote_it_down(world: World, by: str) -> None:
    pair = Pair(world)
    third = world.paired_phone(pair.new, pair.anna) if by == "another phone" else None
    pair.log_in()
    if third is not None:
        world.revoke(third, pair.new.key.thumbprint)
    elif by == "itself":
        world.revoke(pair.new, pair.new.key.thumbprint)
    else:
        revoke(pair.anna.id, pair.new.key.thumbprint, by=None, now=world.now)
    with pytest.raises(DeviceRevoked) as refused:
        world.listed(pair.old)
    assert refused.value.details["retired"] is True
    left = {third.key.thumbprint} if third is not None else set()
    assert (active(pair.anna), pair.count()) == (left, len(left))
    (record,) = pair.records("device_retired")
    assert (record.device_id, record.detail) == (pair.old.key.thumbprint, pair.new.key.thumbprint)


@pytest.mark.parametrize("act", ["asks", "signs out"])
def test_who_left_stays_out_when_the_next_one_leaves_too(world: World, act: str) -> None:
    """The second phone leaves for a third before anybody wrote down that the first left for the second."""
    pair = Pair(world)
    third = world.paired_phone(pair.new, pair.anna, retire=True)
    world.later(1)
    pair.log_in()
    pair.log_in(third)
    if act == "asks":
        world.listed(third)
    else:
        world.revoke(third, third.key.thumbprint)
    stays = {third.key.thumbprint} if act == "asks" else set()
    assert (active(pair.anna), pair.count()) == (stays, len(stays))
    assert {one.device_id: one.detail for one in pair.records("device_retired")} == {
        pair.old.key.thumbprint: pair.new.key.thumbprint,
        pair.new.key.thumbprint: third.key.thumbprint,
    }
    for gone in (pair.old, pair.new):
        with pytest.raises(DeviceRevoked):
            world.listed(gone)


@pytest.mark.parametrize("who", ["the new phone", "another phone"])
def test_the_list_of_devices_shows_who_has_left_as_gone(world: World, who: str) -> None:
    pair = Pair(world)
    asking = pair.new if who == "the new phone" else world.paired_phone(pair.new, pair.anna)
    pair.log_in()
    states = {one["device_id"]: one["state"] for one in world.devices(asking)}
    assert states.pop(pair.old.key.thumbprint) == REVOKED
    assert set(states.values()) == {"active"}
    assert len(pair.records("device_retired")) == 1
