"""What the authorization endpoint declines: on a page where the client is in doubt, at the client's URI otherwise.

The names follow the modules of the OpenID conformance suite.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.support.oidc_flow import BANK, BANK_URI, FORM, SHOP_URI, Flow
from tests.support.world import URL

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "financeapp", "redirect_uri": "https://finance.example.test/signed-in"},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": f"{SHOP_URI}/"},
        {"redirect_uri": f"{SHOP_URI}?more=1"},
        {"redirect_uri": SHOP_URI.upper()},
        {"redirect_uri": BANK_URI},
        {"redirect_uri": "https://shop.example.test/callback/../evil"},
        {"redirect_uri": "https://shop.example.test%2fcallback"},
        {"redirect_uri": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_unregistered_redirect_uri_gets_a_page_and_never_a_redirect(
    flow: Flow, changes: dict[str, str | None]
) -> None:
    flow.changes = changes
    status, headers = flow.authorize()
    assert status == 400
    assert "Location" not in headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_the_page_shows_nothing_of_what_was_sent(world: World, flow: Flow) -> None:
    flow.changes = {"client_id": "<script>alert(1)</script>", "state": "<b>state</b>"}
    event = world.event("GET", "/oauth2/authorize?client_id=%3Cscript%3E", headers={"accept-language": "en"})
    page = world.answer(*event)["body"]
    assert "script" not in page
    assert "Please go back" in page


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://shop.example.test/request"}, "request_uri_not_supported"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"nonce": "n" * 256}, "invalid_request"),
        ({"nonce": "ä"}, "invalid_request"),
        ({"acr_values": "a" * 513}, "invalid_request"),
    ],
    ids=str,
)
def test_a_faulty_request_is_told_to_the_client_at_its_own_uri(
    flow: Flow, changes: dict[str, str | None], error: str
) -> None:
    flow.changes = changes
    status, headers = flow.authorize()
    heard = flow.heard(headers["Location"])
    assert status == 303
    assert (heard["error"], heard["state"], heard["iss"]) == (error, "the state", URL)
    assert heard["error_description"].isascii()


@pytest.mark.parametrize("state", ["s" * 2049, "\n", "ä"], ids=["too long", "a line feed", "no ASCII"])
def test_a_state_that_is_refused_is_not_sent_back(flow: Flow, state: str) -> None:
    flow.changes = {"state": state}
    heard = flow.heard(flow.authorize()[1]["Location"])
    assert heard["error"] == "invalid_request"
    assert "state" not in heard


def test_the_query_that_a_redirect_uri_has_stays(world: World) -> None:
    flow = Flow(world, BANK, BANK_URI, changes={"prompt": "none"})
    location = flow.authorize()[1]["Location"]
    assert location.startswith(f"{BANK_URI}&error=login_required")


@pytest.mark.parametrize("name", ["scope", "nonce", "code_challenge", "state", "unknown"])
def test_a_parameter_that_comes_twice_is_told_to_the_client(world: World, flow: Flow, name: str) -> None:
    """RFC 6749 4.1.2.1; a state of which nobody knows which one it is does not come back."""
    query = urlencode([*({**flow.parameters(), name: "one"}).items(), (name, "two")])
    for event in (
        world.event("GET", f"/oauth2/authorize?{query}"),
        world.event("POST", "/oauth2/authorize", query.encode(), headers=FORM),
    ):
        heard = flow.heard(world.answer(*event)["headers"]["Location"])
        assert (heard["error"], heard["iss"]) == ("invalid_request", URL)
        assert heard.get("state") == (None if name == "state" else "the state")


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_client_that_is_in_doubt_hears_of_no_parameter_that_comes_twice(world: World, flow: Flow, name: str) -> None:
    query = urlencode([*flow.parameters().items(), ("scope", "openid"), (name, flow.parameters()[name])])
    answer = world.answer(*world.event("GET", f"/oauth2/authorize?{query}"))
    assert (answer["statusCode"], "Location" in answer["headers"]) == (400, False)


def test_several_resources_are_ignored_as_one_is(world: World, flow: Flow) -> None:
    """RFC 8707 2 lets a client name more than one, and we know no resources."""
    query = urlencode([*flow.parameters().items(), *[("resource", f"https://{one}.example.test") for one in "ab"]])
    location = world.answer(*world.event("GET", f"/oauth2/authorize?{query}"))["headers"]["Location"]
    assert location.startswith(f"{URL}/financeapp/#interaction=")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("client_id=shop&client_id=bank", "a parameter is there twice"),
        ("client_id=%ff", "not form-encoded UTF-8"),
        ("&".join(f"p{number}=1" for number in range(65)), "not form-encoded UTF-8"),
    ],
    ids=["twice", "no UTF-8", "too many"],
)
def test_parameters_that_two_readers_may_read_differently_are_refused(world: World, query: str, said: str) -> None:
    answer = world.answer(*world.event("GET", f"/oauth2/authorize?{query}"))
    assert (answer["statusCode"], said in answer["body"]) == (400, True)


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b'{"client_id": "shop"}', {}), (b"state=" + b"s" * 16_384, FORM)],
    ids=["JSON", "too large"],
)
def test_a_body_that_is_no_small_form_is_refused(world: World, body: bytes, headers: dict[str, str]) -> None:
    for path in ("/oauth2/authorize", "/oauth2/token"):
        answer = world.answer(*world.event("POST", path, body, headers=headers))
        assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["error"] == "invalid_request"
