"""The tickets of a login's WebSocket: a chain, each link opens one connection, and none leads to a later one."""

from __future__ import annotations

import json

import pytest

from smartident.crypto.random import digest
from smartident.logins.login import LoginRow, row_key
from smartident.logins.reading import read_login
from smartident.logins.start import StartedLogin
from tests.support.browser_tab import Tab, ticket
from tests.support.log_lines import logged
from tests.support.world import Phone, World


@pytest.fixture(autouse=True)
def clock(world: World) -> None:
    world.stop_the_clock()


def connects(world: World, started: StartedLogin, link: int) -> bool:
    return Tab(world).open(started.login.id, started.token, link) == 200


def test_a_ticket_opens_one_connection(world: World, started: StartedLogin) -> None:
    assert [connects(world, started, 1) for _ in range(3)] == [True, False, False]


def test_a_tab_comes_back_seven_times_and_then_polls(world: World, started: StartedLogin) -> None:
    assert [connects(world, started, link) for link in range(1, 10)] == [True] * 8 + [False]


def test_a_link_that_got_lost_is_skipped_and_then_worth_nothing(world: World, started: StartedLogin) -> None:
    assert connects(world, started, 1)
    assert connects(world, started, 4)
    assert [connects(world, started, link) for link in (1, 2, 3, 4)] == [False] * 4
    assert connects(world, started, 5)


def test_the_last_link_opens_even_when_all_before_got_lost(world: World, started: StartedLogin) -> None:
    assert connects(world, started, 8)


def test_who_saw_a_ticket_cannot_make_the_next(world: World, started: StartedLogin) -> None:
    seen = ticket(started.login.id, started.token).rpartition(".")[2]
    assert Tab(world).connect("smartident.v1", f"{started.login.id}.{digest(seen)}")[0] == 404
    assert connects(world, started, 1)


def test_who_reads_the_table_can_connect_with_nothing_of_it(world: World, started: StartedLogin) -> None:
    key = row_key(started.login.id)
    row = LoginRow.get(key.pk, key.sk)
    for secret in (row.ticket_hash, row.token_hash):
        assert Tab(world).connect("smartident.v1", f"{started.login.id}.{secret}")[0] == 404


def test_the_beginning_of_the_chain_is_no_ticket(world: World, started: StartedLogin) -> None:
    assert (
        digest("smartident-ticket:v1:" + started.token) == ticket(started.login.id, started.token, 8).rpartition(".")[2]
    )
    assert not connects(world, started, 9)


def test_a_ticket_completes_nothing(world: World, started: StartedLogin) -> None:
    headers = {"authorization": f"Bearer {started.ticket.rpartition('.')[2]}"}
    assert world.http("POST", f"/v1/logins/{started.login.id}/complete", headers=headers)[0] == 404


def test_the_ticket_of_an_expired_login_opens_nothing(world: World, started: StartedLogin) -> None:
    world.later(180)
    assert not connects(world, started, 1)


def test_an_approval_in_its_last_second_can_still_be_waited_on(
    world: World, phone: Phone, started: StartedLogin
) -> None:
    world.later(179)
    world.approve(phone, started)
    world.later(59)
    assert connects(world, started, 1)


def test_only_the_latest_tab_hears(world: World, started: StartedLogin) -> None:
    first, second = Tab(world), Tab(world)
    assert first.open(started.login.id, started.token, 1) == second.open(started.login.id, started.token, 2) == 200
    assert first.ask(started.login.id) == {"code": "login_not_found"}
    assert second.ask(started.login.id)["status"] == "pending"
    assert read_login(started.login.id).connection_id == second.connection.connection_id


@pytest.mark.parametrize("login_id", ["nobody.nothing", "noid", "..."], ids=str)
def test_a_tab_hears_of_no_other_login(world: World, started: StartedLogin, login_id: str) -> None:
    tab = Tab(world)
    tab.open(started.login.id, started.token)
    assert tab.ask(login_id) == {"code": "login_not_found"}


def test_a_tab_hears_nothing_of_a_neighbours_login(world: World, started: StartedLogin) -> None:
    tab, bert = Tab(world), world.account()
    world.phone(bert)
    tab.open(started.login.id, started.token)
    assert tab.ask(world.start(bert).login.id) == {"code": "login_not_found"}


@pytest.mark.parametrize(
    "message",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"action":"status"}',
        '{"action":"complete","login_id":"a.b"}',
        '{"action":"status","login_id":1}',
        '{"action":"status","login_id":""}',
        json.dumps({"action": "status", "login_id": "x" * 129}),
        '{"action":"status","login_id":"a.b","more":1}',
        "[" * 20_000,
        '{"action":"status","login_id":"\ud800"}',
    ],
    ids=[
        "nothing",
        "no JSON",
        "a list",
        "empty",
        "no login",
        "another action",
        "a number",
        "an empty login",
        "a long login",
        "more than asked",
        "a deep hole",
        "half a letter",
    ],
)
def test_what_is_no_question_is_refused_and_keeps_the_tab(world: World, started: StartedLogin, message: str) -> None:
    tab = Tab(world)
    tab.open(started.login.id, started.token)
    assert tab.say(message) == 200
    assert tab.heard == [{"code": "invalid_request"}]
    assert tab.ask(started.login.id)["status"] == "pending"


def test_a_fault_is_logged_without_its_text_and_answered_plainly(world: World, started: StartedLogin) -> None:
    world.aws.fails("UpdateItem", "ProvisionedThroughputExceededException")
    with logged() as log:
        assert Tab(world).open(started.login.id, started.token) == 500
    [fault], [request] = log.lines("fault"), log.lines("request")
    assert fault["error"] == "UpdateError"
    assert (request["route"], request["status"]) == ("$connect", 500)
    assert fault["request_id"] == request["request_id"]
    assert started.ticket not in log.text
    assert "as the test wants it" not in log.text
