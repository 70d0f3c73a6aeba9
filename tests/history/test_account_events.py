"""After the story: what happened to an account, newest first."""

from __future__ import annotations

from typing import Any

import pytest

from smartident.accounts.account import Account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.admin.change import change_password
from smartident.errors import InvalidRequest, TransferCodeWrong
from smartident.logins.login import LoginRow, row_key
from smartident.storage.table import DAY
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME, Scene
from tests.support.stored_items import multiply
from tests.support.world import HOME, NOW, ORIGIN, Phone, World

NOTHING = {"login_id": None, "browser": None, "os": None, "ip": None, "origin": None, "reason": None}
RECORD = {"by": None, "detail": None}


def logins(scene: Scene) -> list[dict[str, Any]]:
    return [event for event in scene.world.events(scene.phone)["events"] if event["login_id"]]


def test_a_login_is_one_line_that_says_who_asked_and_who_decided(scene: Scene) -> None:
    scene.world.later(10)
    scene.world.decide(scene.phone, scene.started.login.id, NOT_ME)
    (event,) = logins(scene)
    assert event == {
        "event_id": scene.started.login.id.partition(".")[2],
        "type": "login_denied",
        "at": NOW + 10,
        "device_id": scene.phone.key.thumbprint,
        "login_id": scene.started.login.id,
        "browser": "Chrome",
        "os": "Windows",
        "ip": HOME,
        "origin": ORIGIN,
        "reason": "not_me",
        **RECORD,
    }


def test_a_registered_phone_is_one_line(world: World) -> None:
    phone = world.phone(world.account())
    (event,) = world.events(phone)["events"]
    assert event.pop("event_id")
    assert event == {"type": "device_registered", "at": NOW, "device_id": phone.key.thumbprint, **NOTHING, **RECORD}


def test_what_still_waits_is_no_event(scene: Scene) -> None:
    assert logins(scene) == []


@pytest.mark.parametrize(
    ("end", "kind", "at"),
    [
        ("approved", "login_approved", NOW + 10),
        ("completed", "login_completed", NOW + 30),
        ("denied", "login_denied", NOW + 10),
        ("wrong code", "login_denied", NOW + 10),
        ("expired", "login_expired", NOW),
        ("not completed", "login_expired", NOW + 10),
    ],
)
def test_every_end_of_a_login_is_told(scene: Scene, end: str, kind: str, at: int) -> None:
    world = scene.world
    world.later(10)
    if end in {"approved", "completed", "not completed"}:
        world.approve(scene.phone, scene.started)
    if end == "denied":
        world.decide(scene.phone, scene.started.login.id, CHANGED_MY_MIND)
    if end == "wrong code":
        with pytest.raises(TransferCodeWrong):
            world.approve(scene.phone, scene.started, "")
    world.later(20)
    if end == "completed":
        world.complete(scene.started)
    if end in {"expired", "not completed"}:
        world.later(200)
    assert [(event["type"], event["at"]) for event in logins(scene)] == [(kind, at)]


def test_nobody_reads_the_history_of_others(scene: Scene) -> None:
    stranger = scene.world.phone(scene.world.account())
    assert {event["device_id"] for event in scene.world.events(stranger)["events"]} == {stranger.key.thumbprint}


def lived(world: World, phone: Phone, count: int) -> None:
    """A long life of one account, as records."""
    for number in range(count):
        at = world.now - number
        row = AuditRecordRow(
            phone.account_id, f"RECORD#{9_999_999_999 - at}x{number:03d}", type="device_renamed", at=at
        )
        row.save()


def denied(world: World, anna: Account, phone: Phone, count: int) -> None:
    """So many logins that the person declined."""
    started = world.start(anna)
    world.decide(phone, started.login.id, CHANGED_MY_MIND)
    multiply(LoginRow.get(anna.id, row_key(started.login.id).sk), count)


def pages_of(world: World, phone: Phone) -> list[list[dict[str, Any]]]:
    """The whole history, turned over page by page."""
    pages: list[list[dict[str, Any]]] = []
    before: str | None = None
    while not pages or before is not None:
        page = world.events(phone, before)
        pages.append(page["events"])
        before = page["next"]
    return pages


@pytest.mark.parametrize("count", [49, 50, 99, 120])
def test_pages_tell_everything_once_newest_first(world: World, count: int) -> None:
    anna = world.account()
    phone = world.phone(anna)
    lived(world, phone, count - 1)
    pages = pages_of(world, phone)
    told = [event for page in pages for event in page]
    assert len(told) == len({event["event_id"] for event in told}) == count
    assert [event["at"] for event in told] == sorted((event["at"] for event in told), reverse=True)
    assert [len(page) for page in pages[:-1]] == [50] * (len(pages) - 1)
    assert 0 < len(pages[-1]) <= 50


def test_pages_mix_logins_and_records(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    denied(world, anna, phone, 30)
    lived(world, phone, 29)
    first = world.events(phone)
    second = world.events(phone, first["next"])
    assert len(first["events"]) == 50
    assert second["next"] is None
    kinds = [event["type"] for event in [*first["events"], *second["events"]]]
    assert (kinds.count("login_denied"), len(kinds)) == (30, 60)


def test_a_page_reads_one_row_more_of_each_kind_than_it_shows(world: World) -> None:
    phone = world.phone(world.account())
    lived(world, phone, 60)
    world.aws.clear()
    world.events(phone)
    limits = [call.ask.get("Limit") for call in world.aws.calls if call.operation == "Query"]
    assert limits == [None, 51, 51]


def test_logins_that_still_wait_take_no_event_off_the_pages(world: World) -> None:
    """They are read with the others and are no events yet; a page that ends at them goes on behind them."""
    world.set(PENDING_LOGINS=60, UNANSWERED_LOGINS=60)
    anna = world.account()
    phone = world.phone(anna)
    world.later(1)
    denied(world, anna, phone, 52)
    for _ in range(3):
        world.later(1)
        world.start(anna)
    told = [event for page in pages_of(world, phone) for event in page]
    kinds = [event["type"] for event in told]
    assert kinds == ["login_denied"] * 52 + ["device_registered"]
    assert len({event["event_id"] for event in told}) == 53


@pytest.mark.parametrize("before", ["", "!", "a b", "x" * 41, "ä", "RECORD#1"])
def test_a_cursor_that_is_none_is_refused(scene: Scene, before: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        scene.world.events(scene.phone, before)
    assert refused.value.details == {"field": "before"}


def test_a_page_over_http_begins_at_its_cursor(world: World) -> None:
    world.stop_the_clock()
    phone = world.phone(world.account())
    lived(world, phone, 50)
    _, _, first = world.send(phone, "GET", "/v1/events")
    status, _, second = world.send(phone, "GET", f"/v1/events?before={first['next']}")
    assert (status, len(second["events"]), second["next"]) == (200, 1, None)


def test_history_is_kept_as_long_as_the_operator_says(world: World) -> None:
    world.set(RETENTION_DAYS=10)
    anna = world.account()
    change_password(anna.id, "Vier-Esel-42", now=NOW)
    (row,) = AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
    assert row.ttl == NOW + 10 * DAY


def test_the_record_that_vouches_for_a_phone_is_kept_as_long_as_the_account(world: World) -> None:
    world.set(RETENTION_DAYS=10)
    phone = world.phone(world.account())
    (row,) = AuditRecordRow.query(phone.account_id, AuditRecordRow.sk.startswith("RECORD#"))
    assert row.ttl > NOW + 90 * 365 * DAY
