"""While the person is at the phone: the page asks for its login, or gives it up."""

from __future__ import annotations

import time
from typing import Any

import pytest

from approve.step import Deny
from login_status.step import follow_login, give_up_login
from smartident.accounts.account import Account
from smartident.errors import LoginDecided, LoginDenied, LoginNotFound
from smartident.logins.start import StartedLogin
from tests.support.world import Phone, World


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def anna(world: World) -> Account:
    """Somebody whose story happens now by the real clock, which the edge reads."""
    world.now = int(time.time()) - 1
    return world.account()


def status(world: World, opened: StartedLogin) -> Any:
    return follow_login(opened.login.id, opened.token, now=world.now)["status"]


def test_the_page_hears_how_its_login_stands(world: World, opened: StartedLogin) -> None:
    answer = world.http("GET", f"/v1/logins/{opened.login.id}", headers=bearer(opened.token))
    assert answer[0] == 200
    assert answer[2] == {"login_id": opened.login.id, "status": "pending", "expires_at": opened.login.expires_at}


def test_a_page_hears_its_login_end_in_every_way(world: World, phone: Phone, opened: StartedLogin) -> None:
    heard = [status(world, opened)]
    world.approve(phone, opened)
    heard.append(status(world, opened))
    world.complete(opened)
    heard.append(status(world, opened))
    assert heard == ["pending", "approved", "approved"]


@pytest.mark.parametrize("reason", ["not_me", "changed_my_mind"])
def test_a_page_hears_a_denial_and_not_why(world: World, phone: Phone, opened: StartedLogin, reason: Any) -> None:
    world.decide(phone, opened.login.id, Deny(reason))
    answer = world.http("GET", f"/v1/logins/{opened.login.id}", headers=bearer(opened.token))
    assert answer[2] == {"login_id": opened.login.id, "status": "denied", "expires_at": opened.login.expires_at}


@pytest.mark.parametrize(
    ("approved", "seconds", "expected"),
    [(False, 179, "pending"), (False, 180, "expired"), (True, 59, "approved"), (True, 60, "expired")],
    ids=["last second", "over", "last second to complete", "approved and not completed in time"],
)
def test_a_login_expires_by_the_clock_and_not_by_a_sweep(
    world: World, phone: Phone, opened: StartedLogin, *, approved: bool, seconds: int, expected: str
) -> None:
    if approved:
        world.approve(phone, opened)
    world.later(seconds)
    assert status(world, opened) == expected


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
    world: World, opened: StartedLogin, route: str, login_id: str, authorization: str
) -> None:
    known = {"id": opened.login.id, "token": opened.token, "ticket": opened.ticket.rpartition(".")[2]}
    method, path = route.format(login_id.format(**known)).split()
    answered, _, body = world.http(method, path, headers={"authorization": authorization.format(**known)})
    assert (answered, body["code"]) == (404, "login_not_found")
    assert status(world, opened) == "pending"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_read_as_rfc_9110_wants_it(world: World, opened: StartedLogin, scheme: str) -> None:
    headers = {"authorization": f"{scheme} {opened.token}"}
    assert world.http("GET", f"/v1/logins/{opened.login.id}", headers=headers)[0] == 200


def test_giving_up_twice_is_giving_up(world: World, opened: StartedLogin) -> None:
    for _ in range(2):
        answer = world.http("DELETE", f"/v1/logins/{opened.login.id}", headers=bearer(opened.token))
        assert (answer[0], answer[2]) == (204, None)
        assert status(world, opened) == "denied"


def test_what_was_given_up_is_approved_by_nobody(world: World, phone: Phone, opened: StartedLogin) -> None:
    give_up_login(opened.login.id, opened.token, now=world.now)
    assert world.listed(phone) == []
    with pytest.raises(LoginDecided):
        world.approve(phone, opened)


def test_an_approved_login_can_be_given_up(world: World, phone: Phone, opened: StartedLogin) -> None:
    world.approve(phone, opened)
    give_up_login(opened.login.id, opened.token, now=world.now)
    with pytest.raises(LoginDenied):
        world.complete(opened)


def test_a_session_that_stands_is_not_given_up(world: World, phone: Phone, opened: StartedLogin) -> None:
    world.approve(phone, opened)
    session = world.complete(opened)
    give_up_login(opened.login.id, opened.token, now=world.now)
    assert status(world, opened) == "approved"
    assert world.complete(opened)["expires_at"] == session["expires_at"]


@pytest.mark.parametrize("decided", [False, True], ids=["waiting", "approved"])
def test_a_login_whose_time_is_over_is_not_given_up(
    world: World, phone: Phone, opened: StartedLogin, *, decided: bool
) -> None:
    if decided:
        world.approve(phone, opened)
    world.later(180)
    give_up_login(opened.login.id, opened.token, now=world.now)
    assert follow_login(opened.login.id, opened.token, now=world.now)["status"] == "expired"
    assert [event["type"] for event in world.events(phone)["events"] if event["login_id"]] == ["login_expired"]


def test_giving_up_what_never_was_is_refused(world: World) -> None:
    with pytest.raises(LoginNotFound):
        give_up_login("nobody.nothing", "x", now=world.now)
