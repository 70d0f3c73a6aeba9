"""Unlocking: whoever was kept out gets in at once, whatever kept them out, and it stands on record."""

from __future__ import annotations

import pytest

from login.step import Credentials, start_login
from smartident.accounts.account import read_account
from smartident.accounts.audit_log import FailedAttempt
from smartident.accounts.limits.stale_attempts import MAX_PAST_FAILURES
from smartident.accounts.limits.wrong_sms_codes_of_day import count_wrong_sms_code
from smartident.admin.lockout_report import Lockout, read_lockout
from smartident.admin.unlock import unlock
from smartident.errors import InvalidCredentials, TooManyAttempts
from smartident.history.events import read_page
from smartident.logins.transitions import cancel_login
from smartident.statements.login import RequestOrigin
from smartident.storage.table import DAY
from tests.support.scenarios import NOT_ME
from tests.support.world import AGENT, ELSEWHERE, HOME, ORIGIN, World

MAIL = "keller@example.test"


def attempt(world: World, name: str, *, client_address: str = HOME) -> None:
    """A wrong password."""
    origin = RequestOrigin(client_address, AGENT, ORIGIN)
    start_login(Credentials(name, "falsch"), request_origin=origin, now=world.now)


def fail(world: World, number: str, times: int, *, client_address: str = HOME) -> None:
    for _ in range(times):
        world.later(1)
        with pytest.raises(InvalidCredentials):
            attempt(world, number, client_address=client_address)


def lockout(world: World, account_id: str) -> Lockout:
    account = read_account(account_id)
    assert account
    return read_lockout(account, now=world.now)


def test_what_keeps_an_owner_out_is_told(world: World) -> None:
    anna = world.account("700001")
    fail(world, anna.number, 5)
    told = lockout(world, anna.id)
    assert [one.at for one in told.attempts.counted] == [world.now - second for second in range(5)]
    assert told.attempts.locks_end == (world.now + 30,)
    assert told.attempts.counted[0] == FailedAttempt(world.now, world.now + 30)
    assert told.attempts.blocks_end == ()
    assert told.next_login_at is None


def test_a_block_by_not_me_is_told_apart(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.later(1)
    started = world.start(anna, client_address=ELSEWHERE)
    world.decide(phone, started.login.id, NOT_ME)
    told = lockout(world, anna.id)
    assert len(told.attempts.blocks_end) == 1
    assert told.attempts.locks_end == ()


def test_the_right_password_forgets_failures_but_their_moments_stay(world: World) -> None:
    anna = world.account(two_factor=False)
    fail(world, anna.number, 3)
    failed = [world.now - second for second in range(3)]
    world.later(1)
    world.start(anna)
    told = lockout(world, anna.id)
    assert told.attempts.counted == ()
    assert [one.at for one in told.attempts.past] == failed


def test_only_the_latest_moments_stay(world: World) -> None:
    anna = world.account(two_factor=False)
    for _ in range(3 * MAX_PAST_FAILURES):
        fail(world, anna.number, 1)
        world.later(1)
        world.start(anna)
    past = lockout(world, anna.id).attempts.past
    assert len(past) <= 2 * MAX_PAST_FAILURES + 1
    assert past[0].at == world.now - 1


def test_three_logins_that_nobody_approved_no_longer_make_the_next_one_wait(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    for _ in range(3):
        world.later(1)
        started = world.start(anna)
        cancel_login(started.login.id, started.token, now=world.now)
    with pytest.raises(TooManyAttempts):
        world.start(anna)
    assert lockout(world, anna.id).next_login_at == world.now + 60
    unlock(anna.id, now=world.now)
    assert lockout(world, anna.id).next_login_at is None
    world.later(1)
    assert world.start(anna).login.state == "pending"


def test_after_unlocking_the_wait_begins_again_with_what_comes_then(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    for _ in range(2):
        for _ in range(3):
            world.later(1)
            started = world.start(anna)
            cancel_login(started.login.id, started.token, now=world.now)
        with pytest.raises(TooManyAttempts):
            world.start(anna)
        unlock(anna.id, now=world.now)


def test_logins_that_fill_every_slot_no_longer_do(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    world.set(PENDING_LOGINS=2)
    for _ in range(2):
        world.later(1)
        world.start(anna)
    with pytest.raises(TooManyAttempts):
        world.start(anna)
    unlock(anna.id, now=world.now)
    world.later(1)
    assert world.start(anna).login.state == "pending"


def test_what_was_counted_under_a_shared_e_mail_is_forgotten_too(world: World) -> None:
    anna, _ = world.account(email=MAIL), world.account(email=MAIL)
    fail(world, MAIL, 5)
    with pytest.raises(TooManyAttempts):
        attempt(world, MAIL)
    unlock(anna.id, now=world.now)
    fail(world, MAIL, 1)


@pytest.mark.parametrize("limit", ["SMS_PER_ACCOUNT_DAY", "SMS_PER_PHONE_DAY"])
def test_the_days_sms_no_longer_keep_a_phone_waiting(world: World, limit: str) -> None:
    anna = world.account()
    world.set(**{limit: 1})
    world.register(anna, world.new_phone())
    is_told = limit == "SMS_PER_ACCOUNT_DAY"
    assert lockout(world, anna.id).next_registration_at == ((world.now // DAY + 1) * DAY if is_told else None)
    with pytest.raises(TooManyAttempts):
        world.register(anna, world.new_phone())
    unlock(anna.id, now=world.now)
    assert lockout(world, anna.id).next_registration_at is None
    world.later(1)
    world.register(anna, world.new_phone())
    assert len(world.sms) == 2


def test_wrong_codes_of_the_day_no_longer_keep_a_phone_waiting(world: World) -> None:
    world.set(SMS_PER_ACCOUNT_DAY=1, SMS_CODE_TRIES=1)
    anna = world.account()
    assert lockout(world, anna.id).next_registration_at is None
    count_wrong_sms_code(anna.id, "attempt", now=world.now)
    assert lockout(world, anna.id).next_registration_at == (world.now // DAY + 1) * DAY
    unlock(anna.id, now=world.now)
    assert lockout(world, anna.id).next_registration_at is None


def test_an_account_without_a_phone_number_is_unlocked_too(world: World) -> None:
    anna = world.account(phone=None)
    fail(world, anna.number, 5)
    assert lockout(world, anna.id).next_registration_at is None
    unlock(anna.id, now=world.now)
    assert lockout(world, anna.id).attempts.locks_end == ()


def test_it_stands_on_record_with_who_did_it(world: World) -> None:
    anna = world.account()
    world.later(5)
    unlock(anna.id, now=world.now)
    events = read_page(anna.id, before=None, now=world.now)["events"]
    assert isinstance(events, list)
    assert [(event["type"], event["by"], event["at"]) for event in events] == [
        ("account_unlocked", "operator", world.now)
    ]
