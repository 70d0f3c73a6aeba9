"""`smartident events`: what happened to an account, and why a login failed when it did."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from smartident.approvals.decide import Deny
from tests.support.world import NOW, World

if TYPE_CHECKING:
    from tests.cli.operator import Operator


def told(operator: Operator, *words: str) -> Any:
    result = operator("events", "700001", "--json", *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def clock(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


@pytest.fixture
def history(world: World) -> list[int]:
    """Sixty logins by password alone, two minutes apart, so more than a page; their moments, newest first."""
    anna = world.account("700001", two_factor=False)
    moments = []
    for _ in range(60):
        world.start(anna)
        moments.append(world.now)
        world.later(120)
    return moments[::-1]


def test_all_since_a_moment_are_told_however_many_they_are(
    operator: Operator, world: World, history: list[int]
) -> None:
    assert len(told(operator)["events"]) == 50
    assert [event["at"] for event in told(operator, "--since", clock(NOW))["events"]] == history
    assert [event["at"] for event in told(operator, "--since", clock(history[3]))["events"]] == history[:4]
    assert [event["at"] for event in told(operator, "--since", "10m")["events"]] == history[:5]


def test_around_a_moment_are_told_ten_minutes_before_and_after(
    operator: Operator, world: World, history: list[int]
) -> None:
    at = history[55]
    found = [event["at"] for event in told(operator, "--at", clock(at))["events"]]
    assert found == [moment for moment in history if abs(moment - at) <= 600]
    assert "Nichts verzeichnet." in operator("events", "700001", "--at", clock(NOW - 86_400)).output


def test_a_login_is_told_by_when_it_was_decided(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    phone = world.phone(anna)
    world.later(7200)
    login = world.start(anna)
    world.later(100)
    world.decide(phone, login.login.id, Deny("not_me"))
    (event,) = told(operator, "--since", clock(world.now))["events"]
    assert (event["type"], event["at"]) == ("login_denied", world.now)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "gestern"), "--since: kein Zeitpunkt"),
        (("--at", "25:00"), "--at: kein Zeitpunkt"),
        (("--at", "14:05", "--since", "2h"), "nur eines davon"),
        (("--before", "!"), "keine Stelle"),
    ],
)
def test_what_cannot_be_meant_is_said(operator: Operator, world: World, words: tuple[str, ...], said: str) -> None:
    world.account("700001")
    result = operator("events", "700001", *words)
    assert result.exit_code == 1
    assert said in result.stderr
