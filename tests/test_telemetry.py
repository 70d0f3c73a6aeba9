"""Each event of the story is told in the log once, with the fields that metrics and operators need."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from login_status.step import give_up_login
from smartident.approvals.decide import Deny
from smartident.crypto.random import random_digits
from smartident.errors import Refusal
from tests.support.log_lines import logged
from tests.support.world import TEMPLATE

if TYPE_CHECKING:
    from smartident.logins.start import StartedLogin
    from tests.support.world import Phone, World


def test_a_whole_login_is_told_event_by_event(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    with logged() as log:
        world.verify(world.register(anna, phone), phone)
        started = world.start(anna)
        world.now += 7
        world.approve(phone, started)
        world.complete(started)
        world.complete(started)
    events = log.lines("event")
    told = [(one["event"], one.get("seconds")) for one in events]
    assert told[-3:] == [("login_started", None), ("login_approved", 7), ("login_completed", 7)]
    assert [one["event"] for one in events[:-3]] == ["sms_sent", "device_registered"]
    assert {one["login"] for one in events[-3:]} == {started.login.id.rpartition(".")[2]}
    assert events[0]["budget_left"] == int(TEMPLATE.parameters["SmsDailyBudget"]) - 1
    assert anna.id not in log.text


def late(world: World, phone: Phone, started: StartedLogin, *, approved: bool = False) -> None:
    """Come back half an hour later, to approve or, if that is done, to complete."""
    if approved:
        world.approve(phone, started)
    world.now += 1800
    if approved:
        world.complete(started)
    world.approve(phone, started)


@pytest.mark.parametrize(
    ("live", "told"),
    [
        (lambda world, phone, started: world.decide(phone, started.login.id, Deny("not_me")), "login_denied not_me 5"),
        (lambda world, phone, started: world.approve(phone, started, "000000"), "login_denied transfer_code 5"),
        (
            lambda world, _phone, started: give_up_login(started.login.id, started.token, now=world.now),
            "login_cancelled",
        ),
        (late, "login_expired"),
        (lambda world, phone, started: late(world, phone, started, approved=True), "login_expired"),
    ],
    ids=["not me", "wrong transfer code", "given up", "approved too late", "completed too late"],
)
def test_a_login_that_ends_otherwise_is_told_too(world: World, live: Any, told: str) -> None:
    anna = world.account()
    phone, started = world.phone(anna), world.start(anna)
    world.later(5)
    with logged() as log, suppress(Refusal):
        live(world, phone, started)
    last = log.lines("event")[-1]
    assert " ".join(str(last[name]) for name in ("event", "reason", "seconds") if name in last) == told
    assert last["login"] == started.login.id.rpartition(".")[2]


def test_a_login_without_a_phone_is_started_and_approved(world: World) -> None:
    jonas = world.account(two_factor=False)
    with logged() as log:
        world.start(jonas)
    assert [(one["event"], one.get("reason")) for one in log.lines("event")] == [
        ("login_started", None),
        ("login_approved", "two_factor_off"),
    ]


def test_a_source_that_is_held_is_told_once(world: World) -> None:
    jonas = world.account(two_factor=False)
    with logged() as log:
        for _ in range(8):
            with suppress(Refusal):
                world.start(jonas, password="falsch")
    assert [(one["event"], one["seconds"]) for one in log.lines("event")] == [("address_locked", 30)]


@pytest.mark.parametrize(
    ("settings", "fails", "reason"), [({}, True, None), ({"SMS_DAILY_BUDGET": 0}, False, "budget")]
)
def test_an_sms_that_does_not_go_out_is_told(
    world: World, settings: dict[str, int], fails: bool, reason: str | None
) -> None:
    anna = world.account()
    world.set(**settings)
    world.sms.fails = fails
    with logged() as log, suppress(Refusal):
        world.register(anna, world.new_phone())
    (event,) = log.lines("event")
    assert event["event"] == "sms_failed"
    assert reason in {None, event["reason"]}


@pytest.mark.parametrize(("budget", "left", "percent"), [(8, [7, 6], [12, 25]), (2, [1, 0], [50, 100])])
def test_every_sms_tells_how_much_of_the_budget_is_used(
    world: World, budget: int, left: list[int], percent: list[int]
) -> None:
    world.set(SMS_DAILY_BUDGET=budget)
    with logged() as log:
        for _ in left:
            world.register(world.account(phone="+49170" + random_digits(7)), world.new_phone())
    events = log.lines("event")
    assert [(one["budget_left"], one["budget_percent"]) for one in events] == list(zip(left, percent, strict=True))
