"""Step 6: an account has so many slots for logins that wait, and each login that ends frees its own."""

from __future__ import annotations

import pytest

from smartident.accounts.item.row import account_key
from smartident.admin.two_factor import switch_two_factor
from smartident.approvals.decide import Deny
from smartident.errors import ServiceUnavailable, TooManyAttempts
from smartident.logins.transitions import cancel_login
from smartident.storage.writes import MAX_CONFLICT_RETRIES
from tests.support.password_guesses import item_of
from tests.support.world import World


def test_no_more_logins_wait_than_the_account_has_slots(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    for _ in range(3):
        world.start(anna)
        world.later(10)
    with pytest.raises(TooManyAttempts) as refused:
        world.start(anna)
    assert refused.value.details == {"retry_after": 150}
    world.later(150)
    assert world.start(anna).login.state == "pending"


@pytest.mark.parametrize("end", ["approved", "denied", "cancelled"])
def test_a_login_that_ends_frees_its_slot(world: World, end: str) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.set(PENDING_LOGINS=1)
    started = world.start(anna)
    with pytest.raises(TooManyAttempts):
        world.start(anna)
    if end == "approved":
        world.approve(phone, started)
    elif end == "denied":
        world.decide(phone, started.login.id, Deny("changed_my_mind"))
    else:
        cancel_login(started.login.id, started.token, now=world.now)
    assert world.start(anna).login.state == "pending"


def test_a_start_that_is_always_outrun_asks_to_come_back(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    world.aws.clear()
    world.aws.fails("TransactWriteItems", "TransactionCanceledException", reason="ConditionalCheckFailed")
    with pytest.raises(ServiceUnavailable) as refused:
        world.start(anna)
    assert refused.value.details == {"retry_after": 1}
    assert world.aws.operations().count("TransactWriteItems") == MAX_CONFLICT_RETRIES
    world.aws.mends()
    assert world.start(anna).login.state == "pending"


def test_an_account_that_vanishes_between_password_and_login_is_not_started(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    world.aws.before("TransactWriteItems", account_key(anna.id).delete)
    with pytest.raises(ServiceUnavailable):
        world.start(anna)


def test_a_start_that_is_outrun_once_takes_the_next_slot(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: world.start(anna))
    first = world.start(anna)
    assert first.login.id in {entry["login_id"] for entry in world.listed(phone)}
    assert len(world.listed(phone)) == 2


def test_an_address_reported_while_its_password_is_checked_starts_nothing(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    other = world.start(anna)
    world.aws.before("TransactWriteItems", lambda: world.decide(phone, other.login.id, Deny("not_me")))
    with pytest.raises(TooManyAttempts) as refused:
        world.start(anna)
    assert refused.value.details == {"retry_after": 3600}
    assert world.listed(phone) == []


def test_a_right_password_without_a_free_slot_is_no_failure(world: World) -> None:
    world.set(PENDING_LOGINS=1, PASSWORD_TRIES=3)
    anna = world.account()
    world.phone(anna)
    world.start(anna)
    for _ in range(5):
        with pytest.raises(TooManyAttempts, match="pending or unanswered"):
            world.start(anna)
    world.later(181)
    assert world.start(anna).login.state == "pending"


def test_slots_are_forgotten_an_hour_after_their_logins_are_over(world: World) -> None:
    world.set(UNANSWERED_LOGINS=100)
    anna = world.account()
    world.phone(anna)
    slots = []
    for _ in range(4):
        slots.append(world.start(anna).login.part)
        world.later(1801)
    assert set(item_of(anna).pending_logins.as_dict()) == set(slots[1:])


def test_slots_are_forgotten_by_logins_that_wait_for_no_phone(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    world.start(anna)
    switch_two_factor(anna.id, on=False, now=world.now)
    world.later(180 + 3600)
    world.start(anna)
    assert item_of(anna).pending_logins.as_dict() == {}
