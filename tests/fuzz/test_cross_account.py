"""The full matrix of other people's things: each is answered as if it did not exist, and nothing changes."""

from __future__ import annotations

from typing import Any

import pytest

from smartident_client.keys import Key
from tests.fuzz.stage import Ask, Stage
from tests.support.world import World

WITH_AN_ID = ["approve", "deny", "rename", "sign out", "revoke", "resend", "verify", "follow", "cancel", "complete"]
REFUSALS = {
    **dict.fromkeys(["approve", "deny", "follow", "cancel", "complete"], "login_not_found"),
    **dict.fromkeys(["rename", "revoke"], "device_not_found"),
    "sign out": "approval_required",
    **dict.fromkeys(["resend", "verify"], "registration_not_found"),
}


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


def ids(stage: Stage) -> dict[str, tuple[str, str]]:
    """Boris's ids, each beside one of the same form that nobody has."""
    boris = stage.boris
    login, registration = boris.started.login.id, boris.registered.registration_id
    return {
        "login": (login, login[:-4] + "aaaa"),
        "login of another partition": (login, "a" * 26 + login[26:]),
        "registration": (registration, registration[:-4] + "aaaa"),
        "device": (boris.phone.key.thumbprint, Key.make().thumbprint),
        "account": (boris.account.id, "a" * 26),
    }


def heard(stage: Stage, ask: Ask, id_: str) -> tuple[int, Any]:
    """The answer without its request id."""
    parts = ask.path.split("/")
    ask.path = "/".join([*parts[:3], id_, *parts[4:]])
    status, _, body = stage.send(ask)
    assert stage.state() == stage.before
    return status, {name: value for name, value in body.items() if name != "request_id"}


@pytest.mark.parametrize("name", WITH_AN_ID)
def test_what_is_anothers_is_answered_as_what_is_nobodys(stage: Stage, name: str) -> None:
    for theirs, nobodys in ids(stage).values():
        answer = heard(stage, stage.asks()[name], theirs)
        assert answer == heard(stage, stage.asks()[name], nobodys)
        assert answer[1]["code"] == REFUSALS[name]


@pytest.mark.parametrize("name", ["list", "approve", "deny", "devices", "rename", "sign out", "revoke", "events"])
def test_a_phone_that_claims_another_account_is_none(stage: Stage, name: str) -> None:
    for account_id in (stage.boris.account.id, "a" * 26):
        ask = stage.asks()[name]
        ask.proof_claims = {"sub": account_id}
        assert stage.send(ask)[2]["code"] == "proof_invalid"
    assert stage.state() == stage.before


@pytest.mark.parametrize("name", ["resend", "verify"])
def test_anothers_registration_is_none_for_any_other_key(stage: Stage, name: str) -> None:
    for phone in (stage.anna.newcomer, stage.boris.phone, stage.world.new_phone()):
        ask = stage.asks()[name]
        ask.path = ask.path.replace(stage.anna.registered.registration_id, stage.boris.registered.registration_id)
        phone.account_id, ask.phone = "", phone
        assert stage.send(ask)[2]["code"] == "registration_not_found"
    assert stage.state() == stage.before


@pytest.mark.parametrize("part", ["ticket", "login_id", "token_hash", "account"])
def test_what_is_no_token_completes_nothing(stage: Stage, part: str) -> None:
    started = stage.anna.started
    stage.world.approve(stage.anna.phone, started)
    known = {
        "ticket": started.ticket.rpartition(".")[2],
        "login_id": started.login.id,
        "token_hash": started.login.token_hash,
        "account": stage.anna.account.id,
    }
    ask = stage.asks()["complete"]
    ask.headers["authorization"] = f"Bearer {known[part]}"
    assert stage.send(ask)[2]["code"] == "login_not_found"


TALK = ["", "null", "[]", "{}", "[" * 9000, '{"action": "status"}', '{"action": "complete", "login_id": "a.b"}', "\x00"]


@pytest.mark.parametrize(
    "text", [*TALK, '{"action": "status", "login_id": "\\ud800.a"}', "x" * 30_000], ids=str.__len__
)
def test_what_a_socket_says_is_never_a_fault(stage: Stage, text: str) -> None:
    tab, started = stage.tab(), stage.anna.started
    assert tab.open(started.login.id, started.token) == 200
    before = stage.state()
    assert tab.say(text) == 200
    assert [set(hint) for hint in tab.heard] == [{"code"}]
    assert stage.state() == before


def test_anothers_login_is_not_told_to_a_socket(stage: Stage) -> None:
    tab, started = stage.tab(), stage.anna.started
    assert tab.open(started.login.id, started.token) == 200
    assert tab.ask(stage.boris.started.login.id) == {"code": "login_not_found"}


@pytest.mark.parametrize("protocols", [(), ("smartident.v1",), ("", ""), ("smartident.v1", "\x00"), ("a", "b", "c")])
def test_a_socket_without_its_ticket_stays_closed(stage: Stage, protocols: tuple[str, ...]) -> None:
    assert stage.tab().connect(*protocols)[0] == 404
    boris = stage.boris.started.ticket.rpartition(".")[2]
    assert stage.tab().connect("smartident.v1", f"{stage.anna.started.login.id}.{boris}")[0] == 404
    assert stage.state() == stage.before
