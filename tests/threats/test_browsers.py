"""Threats against the browser's side: fixed, forced, hijacked and doubled logins, and rows past their time."""

from __future__ import annotations

import pytest

from smartident.errors import LoginExpired, LoginNotFound, Refusal
from tests.support.browser_tab import Tab, ticket
from tests.support.concurrency import at_once, codes
from tests.support.scenarios import CHANGED_MY_MIND, Scene
from tests.support.world import ORIGIN, PASSWORD, World


def test_session_fixation_needs_more_than_the_login_id(scene: Scene) -> None:
    """The id stands on the phone and in logs; the 256 bits that complete stand on the page that began."""
    world, login_id = scene.world, scene.started.login.id
    scene.world.approve(scene.phone, scene.started)
    own = world.start(scene.anna)
    for token in ("", login_id, own.token, ticket(login_id, scene.started.token).rpartition(".")[2]):
        assert (
            world.http("POST", f"/v1/logins/{login_id}/complete", headers={"authorization": f"Bearer {token}"})[0]
            == 404
        )


def test_login_csrf_from_a_foreign_page_starts_nothing(world: World) -> None:
    anna = world.account()
    ask = {"identifier": anna.number, "password": PASSWORD}
    for origin in ("https://evil.example", "null", ORIGIN + ".evil.example", ORIGIN.replace("https", "http")):
        assert world.http("POST", "/v1/logins", ask, headers={"origin": origin})[0] == 403
    for form in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        assert world.http("POST", "/v1/logins", ask, headers={"origin": ORIGIN, "content-type": form})[0] == 400


def test_login_csrf_cannot_choose_where_the_browser_goes(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    assert scene.world.complete(scene.started)["redirect_to"] == f"{ORIGIN}/signed-in"
    ask = {"identifier": scene.anna.number, "password": PASSWORD}
    for wish in ({"redirect_to": "https://evil.example"}, {"client_id": "https://evil.example"}, {"client_id": "//x"}):
        assert scene.world.http("POST", "/v1/logins", {**ask, **wish})[0] == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", None])
def test_cross_site_websocket_hijacking_is_refused_at_the_door(scene: Scene, origin: str | None) -> None:
    protocols = ("smartident.v1", ticket(scene.started.login.id, scene.started.token))
    assert Tab(scene.world).connect(*protocols, origin=origin)[0] == 403
    assert Tab(scene.world).connect(*protocols)[0] == 200


def test_stolen_ticket_is_used_up_and_opens_nothing_else(scene: Scene) -> None:
    login_id, token = scene.started.login.id, scene.started.token
    used = ticket(login_id, token)
    assert Tab(scene.world).connect("smartident.v1", used)[0] == 200
    assert Tab(scene.world).connect("smartident.v1", used)[0] == 404
    bearer = {"authorization": f"Bearer {used.rpartition('.')[2]}"}
    assert scene.world.http("GET", f"/v1/logins/{login_id}", headers=bearer)[0] == 404


def test_ticket_in_no_address_that_anybody_logs(scene: Scene) -> None:
    handshake = Tab(scene.world).handshake("smartident.v1", ticket(scene.started.login.id, scene.started.token))
    assert not handshake.get("queryStringParameters")
    assert scene.started.token not in str(handshake)


def test_double_redeem_by_many_at_once_is_one_session(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    answers = at_once(*[lambda: scene.world.complete(scene.started)] * 20)
    assert set(codes(answers)) == {"ok"}
    completed = scene.row().completed_at
    scene.world.later(29)
    scene.world.complete(scene.started)
    assert scene.row().completed_at == completed
    scene.world.later(1)
    with pytest.raises(LoginExpired):
        scene.world.complete(scene.started)


def test_stale_rows_that_no_sweep_has_taken_open_nothing(scene: Scene) -> None:
    """The rows are all still there, as DynamoDB leaves them for up to two days."""
    world, started = scene.world, scene.started
    stranger = world.new_phone()
    registered = world.register(scene.anna, stranger)
    world.later(600)
    assert world.listed(scene.phone) == []
    for act in (
        lambda: world.approve(scene.phone, started),
        lambda: world.complete(started),
        lambda: world.resend(registered, stranger),
        lambda: world.verify(registered, stranger),
    ):
        with pytest.raises(Refusal, match="expired"):
            act()
    assert world.http("GET", "/v1/devices")[0] == 401
    assert scene.row().state == "pending"


def test_session_token_theft_after_the_redirect_gains_no_second_session(scene: Scene) -> None:
    """The login token dies with its use; what FinanceApp makes of the id_token is FinanceApp's to guard."""
    scene.world.approve(scene.phone, scene.started)
    scene.world.complete(scene.started)
    scene.world.later(30)
    with pytest.raises(LoginExpired):
        scene.world.complete(scene.started)


def test_foreign_ids_are_answered_like_ids_of_nobody(scene: Scene) -> None:
    stranger = scene.world.account()
    phone = scene.world.phone(stranger)
    nobody = f"{scene.anna.id}.{'0' * 36}"
    for login_id in (scene.started.login.id, nobody):
        with pytest.raises(LoginNotFound) as refusal:
            scene.world.decide(phone, login_id, CHANGED_MY_MIND)
        assert str(refusal.value) == "login_not_found"
    assert scene.still_waits()
