"""A freeze from the app needs no fingerprint; what opens is the approval key of a phone that was there a day before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.json import encode

from freeze.step import MAX_HINTS, Opening, freeze, open_again
from smartident.accounts.account import read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.item.row import AccountRow
from smartident.admin.erase import erase_account
from smartident.approvals.decide import Approve
from smartident.devices.device import DeviceRow
from smartident.errors import (
    ApprovalInvalid,
    CoolingOff,
    DeviceRevoked,
    InvalidCredentials,
    InvalidRequest,
    LoginDenied,
    LoginNotFound,
    OpeningNotAllowed,
    ProofInvalid,
)
from smartident.freeze.freeze import freeze_account
from smartident.logins.reading import read_login
from smartident.logins.socket_tickets import bind_connection
from smartident.notices.outbox import recent_notices
from smartident.storage.table import DAY
from smartident_client import base64url
from smartident_client.approval_keys import opening_statement
from tests.support.concurrency import at_once
from tests.support.world import ABROAD

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from tests.support.scenarios import Scene
    from tests.support.world import Phone, World


def frozen(account: Account) -> bool:
    found = read_account(account.id)
    assert found is not None
    return found.frozen


def press(world: World, phone: Phone) -> None:
    request = phone.request("POST", "/v1/account/freeze", now=world.now)
    freeze(request=request, origin="Frankfurt", push=world.push, now=world.now)


def opening(world: World, phone: Phone, /, code: str = "", **changes: object) -> Opening:
    """What a phone signs to open its account; `changes` are members that it writes otherwise."""
    account = read_account(phone.account_id)
    written = opening_statement(phone.account_id, account.frozen_at if account else 0, now=world.now)
    statement = base64url.encode(json.dumps({**json.loads(written), **changes}).encode())
    return Opening(statement, phone.evidence(statement, code, now=world.now))


def open_by(world: World, phone: Phone, ask: Opening | None = None) -> None:
    ask = ask or opening(world, phone)
    request = phone.request("POST", "/v1/account/open", encode(ask), now=world.now)
    open_again(ask, request=request, origin="Frankfurt", now=world.now)


def records(account: Account, event: str) -> list[AuditRecordRow]:
    rows = AuditRecordRow.query(account.id, AuditRecordRow.sk.startswith("RECORD#"))
    return [row for row in rows if row.type == event]


@pytest.fixture
def day_old(scene: Scene) -> Scene:
    """Anna, whose phone is a day old, and a login of hers that waits."""
    scene.world.later(DAY)
    scene.started = scene.world.start(scene.anna)
    return scene


def test_any_phone_freezes_and_everything_ends(day_old: Scene) -> None:
    world, anna = day_old.world, day_old.anna
    new = world.paired_phone(day_old.phone, anna, here=ABROAD)
    waiting = world.start(anna)
    world.approve(day_old.phone, waiting)
    press(world, new)
    with pytest.raises(LoginDenied):
        world.complete(waiting)
    with pytest.raises(InvalidCredentials):
        world.start(anna)
    assert world.listed(day_old.phone) == []


def connect(world: World, started: StartedLogin) -> None:
    """A page opens its WebSocket."""
    login_id, _, ticket = started.ticket.rpartition(".")
    bind_connection(login_id, ticket, f"socket of {login_id}", now=world.now)


def test_the_pages_that_wait_hear_at_once_what_they_would_hear_if_they_asked(day_old: Scene) -> None:
    world, login = day_old.world, day_old.started.login
    connect(world, day_old.started)
    press(world, day_old.phone)
    assert world.push.sent == [(f"socket of {login.id}", {"status": "denied", "login_id": login.id})]
    assert read_login(login.id).status_message(world.now) == world.push.sent[0][1]
    press(world, day_old.phone)
    assert len(world.push) == 1


def test_a_page_without_a_socket_takes_nobodys_turn(day_old: Scene) -> None:
    world = day_old.world
    with_socket = [day_old.started, *(world.start(day_old.anna) for _ in range(MAX_HINTS - 1))]
    for started in with_socket:
        connect(world, started)
    world.start(day_old.anna)
    press(world, day_old.phone)
    assert {told for told, _ in world.push.sent} == {f"socket of {started.login.id}" for started in with_socket}


def test_more_pages_than_the_function_has_time_for_ask_by_themselves(day_old: Scene) -> None:
    world = day_old.world
    for started in (day_old.started, *(world.start(day_old.anna) for _ in range(MAX_HINTS))):
        connect(world, started)
    press(world, day_old.phone)
    assert len(world.push) == MAX_HINTS


def test_a_freeze_ends_a_phone_that_waits_to_be_let_in(day_old: Scene) -> None:
    world, new = day_old.world, day_old.world.new_phone()
    registered = world.register(day_old.anna, new)
    statement = world.listed(day_old.phone)[0]["statement"]
    press(world, day_old.phone)
    evidence = day_old.phone.evidence(statement, registered.pairing or "", now=world.now)
    with pytest.raises(LoginNotFound):
        world.decide(day_old.phone, registered.registration_id, Approve(evidence))


def test_it_is_on_record_with_the_phone_and_told_once_with_the_place(day_old: Scene) -> None:
    world = day_old.world
    press(world, day_old.phone)
    press(world, day_old.phone)
    (row,) = records(day_old.anna, "account_frozen")
    assert row.device_id == day_old.phone.key.thumbprint
    assert {row.detail} == {None}
    (told,) = [one for one in recent_notices(day_old.anna.id, since=0) if one.event == "account_frozen"]
    assert (told.by, told.origin) == ("Annas Telefon", "Frankfurt")
    (event,) = [one for one in world.events(day_old.phone)["events"] if one["type"] == "account_frozen"]
    assert (event["by"], event["detail"]) == (day_old.phone.key.thumbprint, None)


def test_the_phone_hears_that_the_account_is_frozen_and_whether_it_may_open_it(day_old: Scene) -> None:
    world = day_old.world
    young = world.paired_phone(day_old.phone, day_old.anna)
    assert "frozen" not in world.shown(day_old.phone)
    press(world, young)
    assert world.shown(day_old.phone)["frozen"] == {"frozen_at": world.now, "may_open": True}
    assert world.shown(young)["frozen"]["may_open"] is False
    open_by(world, day_old.phone)
    assert "frozen" not in world.shown(day_old.phone)


def test_a_phone_that_has_cooled_off_long_ago_may_open(day_old: Scene) -> None:
    world = day_old.world
    abroad = world.paired_phone(day_old.phone, day_old.anna, here=ABROAD)
    world.later(2 * DAY)
    press(world, abroad)
    assert world.shown(abroad)["frozen"]["may_open"] is True


def test_the_phone_that_froze_opens_and_the_signature_is_kept(day_old: Scene) -> None:
    world = day_old.world
    press(world, day_old.phone)
    ask = opening(world, day_old.phone)
    open_by(world, day_old.phone, ask)
    open_by(world, day_old.phone, ask)
    (row,) = records(day_old.anna, "account_opened")
    assert row.device_id == day_old.phone.key.thumbprint
    assert json.loads(row.statement)["purpose"] == "smartident-open-account"
    assert json.loads(row.receipt)["type"] == "jws"
    (told,) = [one for one in recent_notices(day_old.anna.id, since=0) if one.event == "account_opened"]
    assert (told.by, told.origin) == ("Annas Telefon", "Frankfurt")
    assert world.start(day_old.anna).login.state == "pending"


def test_a_phone_that_came_within_the_day_before_does_not_open(day_old: Scene) -> None:
    world = day_old.world
    young = world.paired_phone(day_old.phone, day_old.anna)
    world.later(DAY - 1)
    press(world, day_old.phone)
    # However long it waits: what counts is the day before the freeze.
    world.later(3 * DAY)
    with pytest.raises(OpeningNotAllowed):
        open_by(world, young)
    assert frozen(day_old.anna)
    open_by(world, day_old.phone)
    assert not frozen(day_old.anna)


def test_a_phone_in_its_cool_off_does_not_open(day_old: Scene) -> None:
    world = day_old.world
    world.set(COOL_OFF_HOURS=72)
    young = world.paired_phone(day_old.phone, day_old.anna, here=ABROAD)
    world.later(2 * DAY)
    press(world, young)
    assert world.shown(young)["frozen"]["may_open"] is False
    with pytest.raises(CoolingOff):
        open_by(world, young)


def test_the_signature_of_one_freeze_does_not_end_the_next(day_old: Scene) -> None:
    world = day_old.world
    press(world, day_old.phone)
    ask = opening(world, day_old.phone)
    open_by(world, day_old.phone, ask)
    world.later(60)
    press(world, day_old.phone)
    with pytest.raises(ApprovalInvalid):
        open_by(world, day_old.phone, ask)
    assert frozen(day_old.anna)


@pytest.mark.parametrize(
    "changes",
    [
        {"account_id": "k3v7q2xw5m6n4p2rz7aybcdefg"},
        {"purpose": "smartident-revoke-device"},
        {"v": 1},
        {"frozen_at": 1},
        {"expires_at": 1_900_000_000},
        {"requested_at": 1_700_000_000, "expires_at": 1_700_000_100},
        {"more": True},
    ],
    ids=str,
)
def test_what_opens_nothing(day_old: Scene, changes: dict[str, Any]) -> None:
    world = day_old.world
    press(world, day_old.phone)
    with pytest.raises(ApprovalInvalid):
        open_by(world, day_old.phone, opening(world, day_old.phone, **changes))
    assert frozen(day_old.anna)


def test_neither_a_transfer_code_nor_another_key_nor_nonsense_opens(day_old: Scene) -> None:
    world = day_old.world
    other = world.paired_phone(day_old.phone, day_old.anna)
    press(world, day_old.phone)
    right = opening(world, day_old.phone)
    for ask in (
        opening(world, day_old.phone, code="123456"),
        Opening(right.statement, other.evidence(right.statement, "", now=world.now)),
        Opening(base64url.encode(b"\xff"), right.evidence),
    ):
        with pytest.raises(ApprovalInvalid):
            open_by(world, day_old.phone, ask)
    with pytest.raises(InvalidRequest):
        open_by(world, day_old.phone, Opening("=", right.evidence))


@pytest.mark.parametrize("act", [press, open_by])
def test_a_phone_that_is_removed_meanwhile_does_neither(day_old: Scene, act: Any) -> None:
    world = day_old.world
    other = world.paired_phone(day_old.phone, day_old.anna)
    world.later(DAY)
    if act is open_by:
        freeze_account(day_old.anna.id, operator="petra", now=world.now)
    before = frozen(day_old.anna)
    world.aws.before("TransactWriteItems", lambda: world.revoke(day_old.phone, other.key.thumbprint))
    with pytest.raises(DeviceRevoked):
        act(world, other)
    assert frozen(day_old.anna) == before


def test_a_phone_whose_account_is_erased_meanwhile_freezes_nothing(day_old: Scene) -> None:
    world, anna = day_old.world, day_old.anna
    world.aws.before("GetItem", lambda: erase_account(anna.id, number=anna.number, email=anna.email))
    with pytest.raises(DeviceRevoked):
        press(world, day_old.phone)


def test_a_freeze_wins_over_an_opening_signed_before_it(day_old: Scene) -> None:
    """Each is one write: whichever comes second is composed as the account is by then."""
    world = day_old.world
    press(world, day_old.phone)
    ask = opening(world, day_old.phone)

    def again() -> None:
        open_by(world, day_old.phone, ask)
        world.later(1)
        press(world, day_old.phone)

    world.aws.before("TransactWriteItems", again)
    with pytest.raises(ApprovalInvalid):
        open_by(world, day_old.phone, ask)
    assert frozen(day_old.anna)


def test_of_many_freezes_at_once_one_is_written(day_old: Scene) -> None:
    world = day_old.world
    at_once(*[lambda: press(world, day_old.phone)] * 6)
    assert len(records(day_old.anna, "account_frozen")) == 1


def test_who_only_writes_the_table_neither_opens_nor_moves_the_time_of_the_freeze(day_old: Scene) -> None:
    world = day_old.world
    young = world.paired_phone(day_old.phone, day_old.anna)
    press(world, young)
    row = AccountRow.get(day_old.anna.id, "ACCOUNT")
    row.update(actions=[AccountRow.frozen_at.set(world.now + 2 * DAY)])
    assert read_account(day_old.anna.id) is None
    device = DeviceRow.get(day_old.anna.id, f"DEVICE#{young.key.thumbprint}")
    row.update(actions=[AccountRow.frozen_at.set(world.now)])
    device.update(actions=[DeviceRow.registered_at.set(world.now - 2 * DAY)])
    with pytest.raises(ProofInvalid):
        open_by(world, young, opening(world, young))
