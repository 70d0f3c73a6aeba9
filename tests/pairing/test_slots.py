"""A password alone rings no phone without end: new phones share the slots and growing delays of logins."""

from __future__ import annotations

import pytest

from smartident.admin.lockout_report import read_lockout
from smartident.errors import TooManyAttempts
from tests.support.scenarios import CHANGED_MY_MIND
from tests.support.world import ELSEWHERE, World


def wait_of(refused: pytest.ExceptionInfo[TooManyAttempts]) -> object:
    return refused.value.details["retry_after"]


def test_one_phone_waits_at_a_time(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    world.register(anna, world.new_phone())
    with pytest.raises(TooManyAttempts) as refused:
        world.register(anna, world.new_phone())
    assert (refused.value.code, wait_of(refused)) == ("another_phone_waits", 300)
    world.later(300)
    assert world.listed(old) == []
    assert world.register(anna, world.new_phone()).confirm_by == "device"


def test_of_two_that_begin_at_once_one_waits(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: world.register(anna, world.new_phone()))
    with pytest.raises(TooManyAttempts) as refused:
        world.register(anna, world.new_phone())
    assert wait_of(refused) == 300
    assert len(world.listed(old)) == 1


def test_a_new_phone_takes_a_slot_of_the_logins(world: World) -> None:
    world.set(PENDING_LOGINS=1)
    anna = world.account()
    old = world.phone(anna)
    registered = world.register(anna, world.new_phone())
    with pytest.raises(TooManyAttempts):
        world.start(anna)
    world.let_in(old, registered)
    assert world.start(anna)


def test_a_login_takes_the_slot_of_a_new_phone(world: World) -> None:
    world.set(PENDING_LOGINS=1)
    anna = world.account()
    old = world.phone(anna)
    started = world.start(anna)
    with pytest.raises(TooManyAttempts):
        world.register(anna, world.new_phone())
    world.approve(old, started)
    assert world.register(anna, world.new_phone())


def test_after_new_phones_that_nobody_let_in_the_next_waits_longer_each_time(world: World) -> None:
    anna = world.account()
    old, waits = world.phone(anna), []
    for _ in range(6):
        try:
            registered = world.register(anna, world.new_phone(), client_address=ELSEWHERE)
        except TooManyAttempts as refused:
            waits.append(refused.details["retry_after"])
            world.later(int(str(refused.details["retry_after"])))
            registered = world.register(anna, world.new_phone(), client_address=ELSEWHERE)
        world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    assert waits == [60, 120, 240]
    assert read_lockout(anna, now=world.now).next_login_at == world.now + 480


def test_logins_and_new_phones_that_nobody_answered_count_together(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    for _ in range(2):
        world.decide(old, world.start(anna, client_address=ELSEWHERE).login.id, CHANGED_MY_MIND)
    registered = world.register(anna, world.new_phone(), client_address=ELSEWHERE)
    world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    with pytest.raises(TooManyAttempts) as refused:
        world.start(anna, client_address=ELSEWHERE)
    assert wait_of(refused) == 60


def test_a_phone_that_was_let_in_ends_the_count(world: World) -> None:
    world.set(UNANSWERED_LOGINS=2)
    anna = world.account()
    old = world.phone(anna)
    registered = world.register(anna, world.new_phone())
    world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    world.later(1)
    world.paired_phone(old, anna)
    world.later(1)
    registered = world.register(anna, world.new_phone())
    world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    assert world.start(anna)


def test_what_is_an_hour_ago_counts_no_more(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    for _ in range(3):
        registered = world.register(anna, world.new_phone(), client_address=ELSEWHERE)
        world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    world.later(3601)
    for _ in range(2):
        registered = world.register(anna, world.new_phone(), client_address=ELSEWHERE)
        world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    assert world.start(anna, client_address=ELSEWHERE)
