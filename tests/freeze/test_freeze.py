"""Freezing an account: nobody gets in, by state; to a browser the right password is a wrong one, in every respect."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.account import read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.item.row import AccountRow
from smartident.admin.change import change_password
from smartident.admin.unlock import unlock
from smartident.devices.snapshot import read_snapshot
from smartident.errors import (
    InvalidCredentials,
    LoginDenied,
    LoginNotFound,
    RegistrationExpired,
    ServiceUnavailable,
    TooManyAttempts,
)
from smartident.freeze.ending import MAX_LOGINS_PER_TRANSACTION
from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident.logins.login import LoginRow
from smartident.passwords import authenticate, hashing
from smartident.statements.login import RequestOrigin
from tests.support.grants import grant
from tests.support.stored_items import multiply
from tests.support.world import AGENT, ORIGIN, PASSWORD, World

if TYPE_CHECKING:
    from tests.support.scenarios import Scene

OPERATOR = "arn:aws:iam::123456789012:user/petra"


def freeze(world: World, account_id: str) -> None:
    freeze_account(account_id, operator=OPERATOR, now=world.now)


def open_again(world: World, account_id: str) -> None:
    open_account(account_id, operator=OPERATOR, now=world.now)


def records(account_id: str) -> list[tuple[str, str | None]]:
    rows = AuditRecordRow.query(account_id, AuditRecordRow.sk.startswith("RECORD#"))
    return [(row.type, row.detail) for row in rows if row.type.startswith("account_")]


def test_the_right_password_of_a_frozen_account_begins_nothing(scene: Scene) -> None:
    world = scene.world
    freeze(world, scene.anna.id)
    with pytest.raises(InvalidCredentials):
        world.start(scene.anna)
    with pytest.raises(InvalidCredentials):
        world.register(scene.anna, world.new_phone())


def test_the_password_alone_opens_no_frozen_account_either(world: World) -> None:
    jonas = world.account(two_factor=False)
    freeze(world, jonas.id)
    with pytest.raises(InvalidCredentials):
        world.start(jonas)


@pytest.mark.parametrize("state", ["pending", "approved"])
def test_a_freeze_ends_what_waits(scene: Scene, state: str) -> None:
    world = scene.world
    if state == "approved":
        world.approve(scene.phone, scene.started)
    freeze(world, scene.anna.id)
    assert scene.row().state == "cancelled"
    with pytest.raises(LoginDenied):
        world.complete(scene.started)
    assert world.listed(scene.phone) == []


def test_a_freeze_ends_a_registration(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    freeze(world, anna.id)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, phone)
    with pytest.raises(RegistrationExpired):
        world.resend(registered, phone)
    open_again(world, anna.id)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, phone)


def test_however_many_logins_wait_all_of_them_end(scene: Scene) -> None:
    multiply(scene.row(), MAX_LOGINS_PER_TRANSACTION + 3)
    freeze(scene.world, scene.anna.id)
    states = {row.state for row in LoginRow.query(scene.anna.id, LoginRow.sk.startswith("LOGIN#"))}
    assert states == {"cancelled"}


def test_what_the_freeze_ended_stays_ended_and_the_phones_stay(scene: Scene) -> None:
    world = scene.world
    freeze(world, scene.anna.id)
    open_again(world, scene.anna.id)
    with pytest.raises(LoginDenied):
        world.complete(scene.started)
    started = world.start(scene.anna)
    world.approve(scene.phone, started)
    assert world.complete(started)["id_token"]


def test_a_repeat_after_a_freeze_gives_the_session_that_stood_and_no_other(scene: Scene) -> None:
    """The repeat within thirty seconds gives the session that stands, and no other."""
    world = scene.world
    world.approve(scene.phone, scene.started)
    before = world.complete(scene.started)
    freeze(world, scene.anna.id)
    again = world.complete(scene.started)
    assert (again["token_type"], again["expires_at"]) == (before["token_type"], before["expires_at"])


def test_a_freeze_forgets_every_trusted_browser(scene: Scene) -> None:
    def epoch() -> int:
        account = read_account(scene.anna.id)
        assert account
        return account.trust_epoch

    before = epoch()
    freeze(scene.world, scene.anna.id)
    assert epoch() == before + 1


def test_freezing_and_opening_are_on_record_with_the_operator_once(scene: Scene) -> None:
    world = scene.world
    for _ in range(2):
        freeze(world, scene.anna.id)
    world.later(1)
    for _ in range(2):
        open_again(world, scene.anna.id)
    assert records(scene.anna.id) == [("account_opened", OPERATOR), ("account_frozen", OPERATOR)]
    told = [event for event in world.events(scene.phone)["events"] if event["type"].startswith("account_")]
    assert [(event["by"], event["detail"]) for event in told] == [("operator", None)] * 2


def test_neither_a_new_password_nor_unlocking_opens_it(scene: Scene) -> None:
    world = scene.world
    freeze(world, scene.anna.id)
    unlock(scene.anna.id, now=world.now)
    change_password(scene.anna.id, "Sechs-Esel-42", now=world.now)
    with pytest.raises(InvalidCredentials):
        world.start(scene.anna, password="Sechs-Esel-42")
    account = read_account(scene.anna.id)
    assert account is not None
    assert account.frozen


def test_a_login_on_its_way_finds_the_account_frozen(scene: Scene) -> None:
    """Between the right password and the write of the login: nothing begins, and asking again hears "wrong"."""
    world = scene.world
    world.aws.before("TransactWriteItems", lambda: freeze(world, scene.anna.id))
    with pytest.raises(ServiceUnavailable):
        world.start(scene.anna)
    assert world.listed(scene.phone) == []


def test_an_approval_on_its_way_finds_the_account_frozen(scene: Scene) -> None:
    world = scene.world
    world.aws.before("UpdateItem", lambda: freeze(world, scene.anna.id))
    with pytest.raises(Exception, match="login"):
        world.approve(scene.phone, scene.started)
    assert scene.row().state == "cancelled"


def test_a_completion_on_its_way_finds_the_account_frozen(scene: Scene) -> None:
    world = scene.world
    world.approve(scene.phone, scene.started)
    world.aws.before("UpdateItem", lambda: freeze(world, scene.anna.id))
    with pytest.raises((LoginDenied, LoginNotFound)):
        world.complete(scene.started)


def test_with_uniform_login_the_right_password_begins_a_decoy(scene: Scene) -> None:
    world = scene.world
    world.set(UNIFORM_LOGIN="on", UNANSWERED_LOGINS=10)
    freeze(world, scene.anna.id)
    started = world.start(scene.anna)
    assert started.login.browser_status(world.now) == "pending"
    assert world.listed(scene.phone) == []
    open_again(world, scene.anna.id)
    assert world.listed(scene.phone) == []


def heard(world: World, number: str, password: str) -> list[Any]:
    """What a browser hears of so many tries, the request ids aside."""
    told = []
    for _ in range(7):
        ask = {"identifier": number, "password": password}
        status, headers, body = world.http("POST", "/v1/logins", ask, headers={"origin": ORIGIN})
        kept = {name: value for name, value in headers.items() if name != "X-Request-Id"}
        told.append((status, kept, {name: value for name, value in body.items() if name != "request_id"}))
    return told


def counted(account_id: str) -> dict[str, Any]:
    """What the account's item counts, without what tells one account from another."""
    row = AccountRow.get(account_id, "ACCOUNT")
    attempts = {key: len(held) for key, held in row.failed_attempts.as_dict().items()}
    hours = row.failures_by_hour.as_dict()
    return {"attempts": attempts, "hours": hours, "locks": row.lockout_count.as_dict()}


def test_a_frozen_account_answers_counts_and_works_like_a_wrong_password(world: World) -> None:
    world.now = int(time.time())
    world.stop_the_clock()
    frozen, usual = world.account(), world.account()
    freeze(world, frozen.id)
    hashed: list[str] = []

    def watched(text: str, kept: str) -> bool:
        hashed.append(kept[:10])
        return hashing.is_password(text, kept)

    world.monkeypatch.setattr(authenticate, "is_password", watched)
    world.aws.calls.clear()
    told, calls, work = heard(world, frozen.number, PASSWORD), world.aws.operations(), list(hashed)
    world.aws.calls.clear()
    hashed.clear()
    assert told == heard(world, usual.number, "falsch")
    assert calls == world.aws.operations()
    assert work == hashed
    assert counted(frozen.id) == counted(usual.id)


def test_a_frozen_account_is_locked_after_as_many_tries_as_any_other(world: World) -> None:
    anna = world.account()
    freeze(world, anna.id)
    origin = RequestOrigin("198.51.100.9", AGENT, "")
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            authenticate.authenticate(anna.number, PASSWORD, client_address=origin.address, now=world.now)
    with pytest.raises(TooManyAttempts):
        authenticate.authenticate(anna.number, PASSWORD, client_address=origin.address, now=world.now)


def test_a_login_beyond_the_transaction_that_moves_on_meanwhile_ends_all_the_same(scene: Scene) -> None:
    """The phone approves it while the freeze ends it: the freeze looks again."""
    multiply(scene.row(), MAX_LOGINS_PER_TRANSACTION + 3)
    logins = read_snapshot(scene.anna.id, now=scene.world.now).open_logins()
    moved = LoginRow.get(scene.anna.id, f"LOGIN#{logins[-1].part}", consistent_read=True)
    moved.state, moved.complete_by = "approved", scene.world.now + 60
    scene.world.aws.before("UpdateItem", lambda: grant(moved).save())
    freeze(scene.world, scene.anna.id)
    assert {row.state for row in LoginRow.query(scene.anna.id, LoginRow.sk.startswith("LOGIN#"))} == {"cancelled"}
