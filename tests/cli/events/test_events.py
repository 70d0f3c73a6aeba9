"""`smartident events`: what happened to an account, and why a login failed when it did."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from smartident.approvals.decide import Deny
from smartident.errors import InvalidCredentials
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


def test_why_a_login_failed_at_five_past_two_is_told(operator: Operator, world: World) -> None:
    """Also after the right password, which forgets what failed before it."""
    anna = world.account("700001", two_factor=False)
    for _ in range(5):
        world.later(1)
        with pytest.raises(InvalidCredentials):
            world.start(anna, password="falsch")
    failed = [world.now - second for second in range(5)]
    # The right password is counted before it is looked at, in place of the first.
    for later, known in ((0, failed), (3600, failed[:4])):
        world.later(later)
        found = told(operator, "--at", clock(failed[0]))["events"]
        wrong = [event for event in found if event["type"] == "password_wrong"]
        assert [event["at"] for event in wrong] == known
        assert [event["locked_until"] for event in wrong] == [failed[0] + 30, *[None] * (len(known) - 1)]
        said = operator("events", "700001", "--at", clock(failed[0])).output
        assert "Falsches Passwort" in said
        assert "danach gesperrt bis" in said
        if later == 0:
            world.later(60)
            world.start(anna)
    assert told(operator)["events"][0]["type"] == "login_expired"


def test_the_history_says_who_did_it_and_which_way(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    phone = world.phone(anna)
    other = world.paired_phone(phone, anna)
    world.later(5)
    world.revoke(phone, other.key.thumbprint)
    for words in (("two-factor", "700001", "off"), ("two-factor", "700001", "on"), ("unlock", "700001")):
        world.later(5)
        assert operator("account", *words).exit_code == 0
    world.later(5)
    assert operator("device", "revoke", "700001", phone.key.thumbprint, "--yes").exit_code == 0
    lines = [" ".join(line.split()) for line in operator("events", "700001").output.splitlines()[1:]]
    assert [line.split(" ", 2)[2] for line in lines[:5]] == [
        f"Gerät gesperrt vom Betreiber {phone.key.thumbprint[:12]}",
        "Zugang entsperrt vom Betreiber",
        "Zwei-Faktor-Anmeldung geändert an, vom Betreiber",
        "Zwei-Faktor-Anmeldung geändert aus, vom Betreiber",
        f"Gerät gesperrt vom Gerät {phone.key.thumbprint[:12]} {other.key.thumbprint[:12]}",
    ]
