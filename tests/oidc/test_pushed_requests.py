"""Pushed authorization requests: bound to their client, for a minute and one code; the rest of the link is ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.clients.changes import add_client
from smartident.clients.client import Client
from smartident.crypto.random import digest
from smartident.oidc.pushed_request import PushedRequestRow
from tests.support.log_lines import logged
from tests.support.oidc_flow import OPERATOR, SHOP_URI, SPA, Flow, basic
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def test_a_pushed_request_leads_to_a_code(flow: Flow, anna: Account, phone: Phone) -> None:
    status, _, told = flow.push()
    assert (status, told["expires_in"]) == (201, 60)
    assert told["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
    flow.reference = told["request_uri"]
    heard = flow.answered(anna, phone)
    assert heard["state"] == "the state"
    assert flow.token(heard["code"])[0] == 200


def test_request_uri_reuse_a_reference_gives_one_code(flow: Flow, anna: Account, phone: Phone) -> None:
    """It is used up by the login and not by the first visit: a page may be loaded again."""
    flow.push_and_refer()
    first, second = flow.interaction(), flow.interaction()
    begun = flow.log_in(anna, phone)
    answer = flow.finish(first, begun)
    assert answer[0] == 200
    assert flow.finish(first, begun) == answer
    assert flow.finish(second, flow.log_in(anna, phone))[0] == 404
    assert flow.authorize()[0] == 400


def test_a_reference_is_over_after_a_minute(world: World, flow: Flow) -> None:
    flow.push_and_refer()
    world.later(59)
    assert flow.authorize()[0] == 303
    world.later(1)
    assert flow.authorize()[0] == 400


def test_cross_client_a_reference_of_another_client_is_none(world: World, flow: Flow) -> None:
    flow.push_and_refer()
    other = Flow(world, SPA, reference=flow.reference)
    status, headers = other.authorize()
    assert (status, "Location" in headers) == (400, False)


def test_cross_client_a_client_of_the_same_redirect_uri_uses_no_reference_of_the_other(
    world: World, flow: Flow
) -> None:
    """Two clients of one host: what one of them asked is not answered in the name of the other."""
    add_client(Client("twin", "Zwilling", (URL,), (SHOP_URI,), auth_method="none"), by=OPERATOR, now=world.now)
    flow.push_and_refer()
    twin = Flow(world, "twin", reference=flow.reference)
    assert twin.authorize()[0] == 400
    assert flow.authorize()[0] == 303


def test_a_reference_that_nobody_gave_is_none(flow: Flow) -> None:
    flow.reference = "urn:ietf:params:oauth:request_uri:guessed"
    assert flow.authorize()[0] == 400


def test_what_stands_beside_the_reference_does_not_count(world: World, flow: Flow) -> None:
    flow.push_and_refer()
    link = f"/oauth2/authorize?client_id=shop&request_uri={flow.reference}&redirect_uri=https://evil.example&state=x"
    location = world.answer(*world.event("GET", link))["headers"]["Location"]
    assert "evil" not in location


def test_a_request_that_must_show_nothing_is_answered_when_it_comes(flow: Flow) -> None:
    flow.changes = {"prompt": "none"}
    flow.push_and_refer()
    assert flow.heard(flow.authorize()[1]["Location"])["error"] == "login_required"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://evil.example"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "request_uri_not_supported"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
    ],
    ids=str,
)
def test_a_faulty_request_is_told_to_the_clients_server(flow: Flow, changes: dict[str, str], error: str) -> None:
    flow.changes = {**changes}
    status, headers, told = flow.push()
    assert (status, told["error"], "Location" in headers) == (400, error, False)


def test_only_the_client_itself_pushes(flow: Flow) -> None:
    assert flow.push(headers=basic(secret="wrong"))[2]["error"] == "invalid_client"
    assert flow.push(headers={})[2]["error"] == "invalid_client"


@pytest.mark.parametrize("changes", [{"client": SPA}, {"request": "{}"}, {"expires_at": 9_999_999_999}], ids=str)
def test_insider_without_the_pepper_changes_no_request(flow: Flow, changes: dict[str, object]) -> None:
    flow.push_and_refer()
    row = PushedRequestRow(f"OAUTH#{digest(flow.reference)}", "REQUEST")
    row.update(actions=[getattr(PushedRequestRow, name).set(value) for name, value in changes.items()])
    with logged() as log:
        assert flow.authorize()[0] == 400
    assert [one["reason"] for one in log.lines("event") if one["event"] == "grant_refused"] == ["pushed_request"]
    assert flow.redirect_uri == SHOP_URI
