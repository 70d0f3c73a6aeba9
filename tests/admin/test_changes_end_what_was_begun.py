"""What was begun before a password, a number or two-factor was set anew ends with it, however much and however late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.accounts.item.row import AccountRow
from smartident.admin.change import change_password, change_phone
from smartident.admin.two_factor import switch_two_factor
from smartident.devices.registration import RegistrationRow
from smartident.errors import LoginDenied, RegistrationExpired, ServiceUnavailable
from smartident.logins.login import LoginRow
from smartident.passwords.hashing import is_password
from smartident.storage import writes
from tests.support.enrolment import devices
from tests.support.rivals import outrun
from tests.support.stored_items import multiply
from tests.support.world import PASSWORD, World

if TYPE_CHECKING:
    from collections.abc import Callable

NEW = "Fuenf-Zebras-99"
CHANGES: dict[str, Callable[[str, int], None]] = {
    "password": lambda account_id, now: change_password(account_id, NEW, now=now),
    "number": lambda account_id, now: change_phone(account_id, "+491709998877", now=now),
}
changes = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


# Registrations


@changes
def test_however_many_registrations_are_under_way_nobody_keeps_an_operator_from_it(
    world: World, change: Callable[[str, int], None]
) -> None:
    anna, thief = world.account(), world.new_phone()
    registered = world.register(anna, thief)
    multiply(RegistrationRow.get(anna.id, "REGISTRATION#" + registered.registration_id.partition(".")[2]), 120)
    change(anna.id, world.now)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, thief)


@changes
def test_a_registration_begun_while_it_is_set_anew_ends_too(world: World, change: Callable[[str, int], None]) -> None:
    anna, thief, begun = world.account(), world.new_phone(), []
    world.aws.before("TransactWriteItems", lambda: begun.append(world.register(anna, thief)))
    change(anna.id, world.now)
    with pytest.raises(RegistrationExpired):
        world.verify(begun[0], thief)


@changes
def test_a_registration_written_after_it_was_set_anew_ends_too(
    world: World, change: Callable[[str, int], None]
) -> None:
    """Its password was proven, or its number read, a moment before."""
    anna, thief = world.account(), world.new_phone()
    world.aws.before("PutItem", lambda: change(anna.id, world.now))
    registered = world.register(anna, thief)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, thief)
    world.later(60)
    with pytest.raises(RegistrationExpired):
        world.resend(registered, thief)


@changes
def test_a_code_on_its_way_is_outrun(world: World, change: Callable[[str, int], None]) -> None:
    anna, thief = world.account(), world.new_phone()
    registered = world.register(anna, thief)
    world.aws.before("TransactWriteItems", lambda: change(anna.id, world.now))
    with pytest.raises(RegistrationExpired):
        world.verify(registered, thief)
    assert devices(anna.id) == []


@changes
def test_what_begins_afterwards_ends_well(world: World, change: Callable[[str, int], None]) -> None:
    anna = world.account()
    change(anna.id, world.now)
    change_password(anna.id, "Vier-Esel-42", now=world.now)
    phone = world.phone(anna)
    assert world.listed(phone) == []


# Logins


def test_however_many_logins_wait_all_of_them_end(world: World) -> None:
    anna = world.account(two_factor=False)
    started = world.start(anna)
    multiply(LoginRow.get(anna.id, "LOGIN#" + started.login.id.partition(".")[2]), 120)
    change_password(anna.id, NEW, now=world.now)
    assert {row.state for row in LoginRow.query(anna.id, LoginRow.sk.startswith("LOGIN#"))} == {"cancelled"}
    with pytest.raises(LoginDenied):
        world.complete(started)


@pytest.mark.parametrize(("most", "place"), [(2, "TransactWriteItems"), (5, "UpdateItem")])
def test_of_many_logins_one_that_is_completed_meanwhile_stays_completed(world: World, most: int, place: str) -> None:
    """Among those of the change's own transaction, and among those that end just before it."""
    world.monkeypatch.setattr("smartident.freeze.ending.MAX_LOGINS_PER_TRANSACTION", 3)
    anna = world.account(two_factor=False)
    started = world.start(anna)
    multiply(LoginRow.get(anna.id, "LOGIN#" + started.login.id.partition(".")[2]), most)
    world.aws.before(place, lambda: world.complete(started))
    change_password(anna.id, NEW, now=world.now)
    states = [row.state for row in LoginRow.query(anna.id, LoginRow.sk.startswith("LOGIN#"))]
    assert sorted(states) == ["cancelled"] * (most - 1) + ["completed"]


def test_who_logs_in_again_and_again_does_not_keep_the_old_password(world: World) -> None:
    anna = world.account(two_factor=False)

    def again() -> None:
        world.start(anna)
        if world.now < later:
            world.now += 1
            world.aws.before("TransactWriteItems", again)

    later = world.now + 5
    world.aws.before("TransactWriteItems", again)
    change_password(anna.id, NEW, now=world.now)
    assert {row.state for row in LoginRow.query(anna.id, LoginRow.sk.startswith("LOGIN#"))} == {"cancelled"}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_an_account_that_is_never_at_rest_is_not_changed(world: World, times: int) -> None:
    anna = world.account()
    world.monkeypatch.setattr(writes, "MAX_CONFLICT_RETRIES", 3)
    numbers = (f"+49170123000{number}" for number in range(9))
    outrun(world.aws, "TransactWriteItems", lambda: change_phone(anna.id, next(numbers), now=world.now), times=times)
    if times < 3:
        change_password(anna.id, NEW, now=world.now)
        return
    with pytest.raises(ServiceUnavailable) as refused:
        change_password(anna.id, NEW, now=world.now)
    assert refused.value.details == {"retry_after": 1}
    assert is_password(PASSWORD, AccountRow.get(anna.id, "ACCOUNT").password_hash or "")


# Two-factor


def test_two_factor_switched_on_while_a_password_is_looked_at_waits_for_no_session(world: World) -> None:
    anna = world.account(two_factor=False)
    world.aws.before("TransactWriteItems", lambda: switch_two_factor(anna.id, on=True, now=world.now))
    with pytest.raises(ServiceUnavailable):
        world.start(anna)


def test_two_factor_switched_on_leaves_what_stands(world: World) -> None:
    anna = world.account(two_factor=False)
    started = world.start(anna)
    world.complete(started)
    switch_two_factor(anna.id, on=True, now=world.now)
    assert world.complete(started)["id_token"]


def test_two_factor_switched_off_leaves_what_a_phone_approved(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    started = world.start(anna)
    world.approve(phone, started)
    switch_two_factor(anna.id, on=False, now=world.now)
    assert world.complete(started)["id_token"]


def test_two_factor_switched_off_and_on_leaves_what_waits_for_a_phone(world: World) -> None:
    """The phone has yet to say yes to it."""
    anna = world.account()
    phone = world.phone(anna)
    started = world.start(anna)
    for on in (False, True):
        switch_two_factor(anna.id, on=on, now=world.now)
    assert world.approve(phone, started) == "approved"
    assert world.complete(started)["id_token"]
