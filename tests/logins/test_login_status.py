"""While the person is at the phone: the page asks for its login, or gives it up."""

from __future__ import annotations

from typing import Any

import pytest

from login_status.step import follow_login, give_up_login
from smartident.approvals.decide import Deny
from smartident.errors import LoginDecided, LoginDenied, LoginNotFound
from smartident.logins.start import StartedLogin
from tests.support.world import Phone, World


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture(autouse=True)
def clock(world: World) -> None:
    world.stop_the_clock()


def status(world: World, started: StartedLogin) -> Any:
    return follow_login(started.login.id, started.token, now=world.now)["status"]


def test_the_page_hears_how_its_login_stands(world: World, started: StartedLogin) -> None:
    answer = world.http("GET", f"/v1/logins/{started.login.id}", headers=bearer(started.token))
    assert answer[0] == 200
    assert answer[2] == {"login_id": started.login.id, "status": "pending", "expires_at": started.login.expires_at}


def test_a_page_hears_its_login_end_in_every_way(world: World, phone: Phone, started: StartedLogin) -> None:
    heard = [status(world, started)]
    world.approve(phone, started)
    heard.append(status(world, started))
    world.complete(started)
    heard.append(status(world, started))
    assert heard == ["pending", "approved", "approved"]


@pytest.mark.parametrize("reason", ["not_me", "changed_my_mind"])
def test_a_page_hears_a_denial_and_not_why(world: World, phone: Phone, started: StartedLogin, reason: Any) -> None:
    world.decide(phone, started.login.id, Deny(reason))
    answer = world.http("GET", f"/v1/logins/{started.login.id}", headers=bearer(started.token))
    assert answer[2] == {"login_id": started.login.id, "status": "denied", "expires_at": started.login.expires_at}


@pytest.mark.parametrize(
    ("approved", "seconds", "expected"),
    [(False, 179, "pending"), (False, 180, "expired"), (True, 59, "approved"), (True, 60, "expired")],
    ids=["last second", "over", "last second to complete", "approved and not completed in time"],
)
def test_a_login_expires_by_the_clock_and_not_by_a_sweep(
    world: World, phone: Phone, started: StartedLogin, *, approved: bool, seconds: int, expected: str
) -> None:
    if approved:
        world.approve(phone, started)
    world.later(seconds)
    assert status(world, started) == expected


STRANGERS = {
    "a wrong token": ("{id}", "Bearer x"),
    "no token": ("{id}", ""),
    "an empty token": ("{id}", "Bearer "),
    "another scheme": ("{id}", "Basic {token}"),
    "the ticket instead of the token": ("{id}", "Bearer {ticket}"),
    "a wrong id": ("{id}x", "Bearer {token}"),
    "an id of nobody": ("nobody.nothing", "Bearer {token}"),
    "an id without its account": (".x", "Bearer {token}"),
    "an id without its login": ("x.", "Bearer {token}"),
    "no id": ("x", "Bearer {token}"),
}


@pytest.mark.parametrize("route", ["GET /v1/logins/{}", "DELETE /v1/logins/{}", "POST /v1/logins/{}/complete"], ids=str)
@pytest.mark.parametrize(("login_id", "authorization"), STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_learns_nothing_and_changes_nothing(
    world: World, started: StartedLogin, route: str, login_id: str, authorization: str
) -> None:
    known = {"id": started.login.id, "token": started.token, "ticket": started.ticket.rpartition(".")[2]}
    method, path = route.format(login_id.format(**known)).split()
    answered, _, body = world.http(method, path, headers={"authorization": authorization.format(**known)})
    assert (answered, body["code"]) == (404, "login_not_found")
    assert status(world, started) == "pending"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_read_as_rfc_9110_wants_it(world: World, started: StartedLogin, scheme: str) -> None:
    headers = {"authorization": f"{scheme} {started.token}"}
    assert world.http("GET", f"/v1/logins/{started.login.id}", headers=headers)[0] == 200


def test_giving_up_twice_is_giving_up(world: World, started: StartedLogin) -> None:
    for _ in range(2):
        answer = world.http("DELETE", f"/v1/logins/{started.login.id}", headers=bearer(started.token))
        assert (answer[0], answer[2]) == (204, None)
        assert status(world, started) == "denied"


def test_what_was_given_up_is_approved_by_nobody(world: World, phone: Phone, started: StartedLogin) -> None:
    give_up_login(started.login.id, started.token, now=world.now)
    assert world.listed(phone) == []
    with pytest.raises(LoginDecided):
        world.approve(phone, started)


def test_an_approved_login_can_be_given_up(world: World, phone: Phone, started: StartedLogin) -> None:
    world.approve(phone, started)
    give_up_login(started.login.id, started.token, now=world.now)
    with pytest.raises(LoginDenied):
        world.complete(started)


def test_a_session_that_stands_is_not_given_up(world: World, phone: Phone, started: StartedLogin) -> None:
    world.approve(phone, started)
    session = world.complete(started)
    give_up_login(started.login.id, started.token, now=world.now)
    assert status(world, started) == "approved"
    assert world.complete(started)["expires_at"] == session["expires_at"]


@pytest.mark.parametrize("decided", [False, True], ids=["waiting", "approved"])
def test_a_login_whose_time_is_over_is_not_given_up(
    world: World, phone: Phone, started: StartedLogin, *, decided: bool
) -> None:
    if decided:
        world.approve(phone, started)
    world.later(180)
    give_up_login(started.login.id, started.token, now=world.now)
    assert follow_login(started.login.id, started.token, now=world.now)["status"] == "expired"
    assert [event["type"] for event in world.events(phone)["events"] if event["login_id"]] == ["login_expired"]


def test_giving_up_what_never_was_is_refused(world: World) -> None:
    with pytest.raises(LoginNotFound):
        give_up_login("nobody.nothing", "x", now=world.now)
