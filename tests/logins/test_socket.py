"""The page's WebSocket: it hears hints about its own login, and opens nothing else."""

from __future__ import annotations

import pytest

from browser.handler import handler
from login_status.step import give_up_login
from smartident.approvals.decide import Deny
from smartident.logins.reading import read_login
from smartident.logins.start import StartedLogin
from smartident_laptop.gateway.events import message_event, now
from tests.support.browser_tab import Tab, ticket
from tests.support.log_lines import logged
from tests.support.world import ORIGIN, Phone, World


@pytest.fixture(autouse=True)
def clock(world: World) -> None:
    world.stop_the_clock()


@pytest.fixture
def tab(world: World, started: StartedLogin) -> Tab:
    """The page that waits, connected with its first ticket."""
    tab = Tab(world)
    assert tab.open(started.login.id, started.token) == 200
    return tab


def pending(started: StartedLogin) -> dict[str, str]:
    return {"status": "pending", "login_id": started.login.id}


def test_the_handshake_answers_the_subprotocol_and_never_the_ticket(world: World, started: StartedLogin) -> None:
    assert started.ticket == ticket(started.login.id, started.token)
    tab = Tab(world)
    told = handler(tab.handshake("smartident.v1", started.ticket), None)
    assert told == {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "smartident.v1"}, "body": ""}


def test_headers_are_read_however_they_are_written(world: World, started: StartedLogin) -> None:
    tab = Tab(world)
    event = tab.handshake("smartident.v1", started.ticket)
    event["headers"] = {name.upper(): value for name, value in event["headers"].items()}
    assert tab.send("$connect", event)[0] == 200


@pytest.mark.parametrize(
    "origin",
    [None, "https://evil.example", ORIGIN + ".evil.example", "null"],
    ids=["no page", "another page", "a longer name", "a sandboxed page"],
)
def test_only_the_operators_page_connects(world: World, started: StartedLogin, origin: str | None) -> None:
    assert Tab(world).connect("smartident.v1", started.ticket, origin=origin)[0] == 403
    assert read_login(started.login.id).connection_id is None


@pytest.mark.parametrize(
    "protocols",
    [
        [],
        ["smartident.v1"],
        ["smartident.v2", "{ticket}"],
        ["{ticket}", "smartident.v1"],
        ["smartident.v1", "{ticket}", "more"],
        ["smartident.v1", "noticket"],
        ["smartident.v1", "{id}."],
        ["smartident.v1", "{id}.x"],
        ["smartident.v1", "{id}.{token}"],
        ["smartident.v1", ".{ticket}"],
        ["smartident.v1", "nobody.nothing.{ticket}"],
    ],
    ids=[
        "none",
        "no ticket",
        "another version",
        "the wrong way round",
        "one too many",
        "no dot",
        "an empty ticket",
        "a guessed ticket",
        "the token itself",
        "no account",
        "another login's",
    ],
)
def test_without_its_ticket_no_connection_opens(world: World, started: StartedLogin, protocols: list[str]) -> None:
    known = {"ticket": started.ticket, "id": started.login.id, "token": started.token}
    assert Tab(world).connect(*(one.format(**known) for one in protocols))[0] == 404
    assert read_login(started.login.id).connection_id is None


def test_a_tab_asks_and_hears_how_its_login_stands(tab: Tab, started: StartedLogin) -> None:
    assert tab.ask(started.login.id) == pending(started)


def test_a_tab_that_connects_after_the_approval_hears_of_it(world: World, phone: Phone, started: StartedLogin) -> None:
    world.approve(phone, started)
    late = Tab(world)
    assert late.open(started.login.id, started.token) == 200
    assert late.ask(started.login.id) == {**pending(started), "status": "approved"}


@pytest.mark.parametrize("end", ["approved", "denied", "given up"])
def test_a_tab_hears_the_end_when_it_asks(
    world: World, phone: Phone, started: StartedLogin, tab: Tab, end: str
) -> None:
    if end == "approved":
        world.approve(phone, started)
        world.complete(started)
    elif end == "denied":
        world.decide(phone, started.login.id, Deny("not_me"))
    else:
        give_up_login(started.login.id, started.token, now=world.now)
    assert tab.ask(started.login.id) == {**pending(started), "status": "approved" if end == "approved" else "denied"}


def test_a_refused_message_is_on_the_log_with_why_and_which_request(world: World, tab: Tab) -> None:
    event = message_event(tab.connection, "$default", "no question", now())
    request_id = event["requestContext"]["requestId"]
    with logged() as log:
        assert tab.send("$default", event)[2] == {"code": "invalid_request"}
    [refusal], [request] = log.lines("refusal"), log.lines("request")
    assert (refusal["code"], refusal["why"]) == ("invalid_request", "no status question")
    assert (request["route"], request["status"]) == ("$default", 200)
    assert refusal["request_id"] == request["request_id"] == request_id
    assert request["milliseconds"] >= 0


def test_a_tab_is_told_the_decision_without_asking(world: World, phone: Phone, started: StartedLogin, tab: Tab) -> None:
    body = {"decision": "deny", "reason": "changed_my_mind"}
    assert world.send(phone, "POST", f"/v1/approvals/{started.login.id}", body)[0] == 200
    assert tab.heard == [{**pending(started), "status": "denied"}]


@pytest.mark.parametrize("failing", ["gone", "throttled", "away", "never there"])
def test_a_tab_that_cannot_be_told_changes_nothing(
    world: World, phone: Phone, started: StartedLogin, request: pytest.FixtureRequest, failing: str
) -> None:
    if failing != "never there":
        tab: Tab = request.getfixturevalue("tab")
        world.aws.gone.add(tab.connection.connection_id)
    if failing == "throttled":
        world.aws.fails("PostToConnection", "LimitExceededException", status=429)
    if failing == "away":
        world.aws.vanishes("PostToConnection")
    body = {"decision": "deny", "reason": "changed_my_mind"}
    assert world.send(phone, "POST", f"/v1/approvals/{started.login.id}", body)[2] == {"status": "denied"}
    assert world.aws.operations().count("PostToConnection") == (failing != "never there")
