"""The end of a session: the modules of the conformance suite's RP-initiated logout plan, by their names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.clients.changes import remove_client
from smartident.clients.client_cache import forget_clients
from smartident.freeze.freeze import freeze_account
from smartident.sessions.session import sessions_of
from smartident_client import base64url
from tests.support.oidc_flow import OPERATOR, SHOP, SHOP_BYE, SPA, SPA_URI, Flow, log_out
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


@pytest.fixture
def hint(flow: Flow, anna: Account, phone: Phone) -> str:
    """The id_token that the shop got; the browser stays signed in."""
    token: str = flow.token(flow.answered(anna, phone)["code"])[2]["id_token"]
    flow.stay()
    return token


def is_signed_in(flow: Flow) -> bool:
    return "code" in flow.silently(prompt="none")


def test_oidcc_discovery_endpoint_verification(world: World) -> None:
    told = world.http("GET", "/.well-known/openid-configuration")[2]
    assert told["end_session_endpoint"] == f"{URL}/oauth2/logout"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_oidcc_rp_initiated_logout(flow: Flow, hint: str, method: str) -> None:
    bye = log_out(flow, method=method, id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE, state="ä b&c")
    assert (bye.status, bye.location, bye.is_over) == (303, f"{SHOP_BYE}&state=%C3%A4+b%26c", True)
    assert not is_signed_in(flow)


def test_oidcc_rp_initiated_logout_no_state(flow: Flow, hint: str) -> None:
    bye = log_out(flow, id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE)
    assert (bye.status, bye.location) == (303, SHOP_BYE)


@pytest.mark.parametrize("uri", ["https://evil.example/", f"{SHOP_BYE}&foo=bar", f"{SHOP_BYE}/", SHOP_BYE.upper()])
def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri_or_query_added(flow: Flow, hint: str, uri: str) -> None:
    bye = log_out(flow, id_token_hint=hint, post_logout_redirect_uri=uri, state="s")
    assert (bye.status, bye.location, bye.asks) == (200, None, False)
    assert uri not in bye.page
    assert not is_signed_in(flow)


def alg_none(hint: str) -> str:
    header = base64url.encode(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    return f"{header}.{hint.split('.')[1]}."


@pytest.mark.parametrize(
    "spoiled",
    [alg_none, lambda hint: hint[:-2] + ("AA" if hint[-2:] != "AA" else "BB"), lambda _: "no-jwt", lambda _: None],
    ids=["modified: alg none", "modified: signature", "bad", "no id_token_hint"],
)
def test_oidcc_rp_initiated_logout_modified_bad_or_no_id_token_hint(flow: Flow, hint: str, spoiled: object) -> None:
    sent = {"id_token_hint": spoiled(hint)}  # type: ignore[operator]  # of the table above
    asked = {name: value for name, value in sent.items() if value}
    bye = log_out(flow, post_logout_redirect_uri=SHOP_BYE, state="s", client_id=SHOP, **asked)
    assert (bye.location, bye.asks, bye.is_over) == (None, True, False)
    assert is_signed_in(flow)
    yes = log_out(flow, method="POST", **bye.fields)
    assert (yes.status, yes.location, yes.asks, yes.is_over) == (200, None, False, True)
    assert not is_signed_in(flow)


def test_oidcc_rp_initiated_logout_no_params_or_only_state(flow: Flow, hint: str) -> None:
    assert hint
    for sent in ({}, {"state": "s"}):
        assert log_out(flow, **sent).asks
    bye = log_out(flow)
    assert bye.fields.keys() == {"confirm"}
    assert log_out(flow, method="POST", **bye.fields).is_over
    assert not is_signed_in(flow)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(flow: Flow, hint: str) -> None:
    bye = log_out(flow, id_token_hint=hint, state="s")
    assert (bye.status, bye.location, bye.is_over) == (200, None, True)
    assert not is_signed_in(flow)


def test_who_is_signed_out_already_goes_where_the_client_says(flow: Flow, hint: str) -> None:
    for _ in range(2):
        bye = log_out(flow, id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE)
        assert (bye.status, bye.location) == (303, SHOP_BYE)
    assert log_out(flow, session="", id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE).location == SHOP_BYE


def test_an_id_token_of_a_session_before_does_not_end_this_one_without_a_question(
    world: World, flow: Flow, anna: Account, phone: Phone, hint: str
) -> None:
    log_out(flow, id_token_hint=hint)
    flow.session = ""
    flow.changes = {}
    flow.answered(anna, phone)
    flow.stay()
    bye = log_out(flow, id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE)
    assert (bye.asks, is_signed_in(flow)) == (True, True)
    assert log_out(flow, method="POST", **bye.fields).location == SHOP_BYE
    assert world.now
    assert not is_signed_in(flow)


def test_an_id_token_of_another_client_leads_to_none_of_this_ones_pages(world: World, flow: Flow, hint: str) -> None:
    assert hint
    other = Flow(world, SPA, SPA_URI, session=flow.session)
    theirs = other.token(other.silently()["code"], headers={}, client_id=SPA)[2]["id_token"]
    bye = log_out(flow, id_token_hint=theirs, post_logout_redirect_uri=SHOP_BYE)
    assert (bye.location, bye.is_over) == (None, True)


def test_a_client_that_says_it_is_another_leads_nowhere(flow: Flow, hint: str) -> None:
    sent = {"id_token_hint": hint, "post_logout_redirect_uri": SHOP_BYE}
    assert log_out(flow, client_id=SPA, **sent).location is None
    assert log_out(flow, client_id=SHOP, **sent).location == SHOP_BYE


def test_a_removed_client_leads_nowhere(world: World, flow: Flow, hint: str) -> None:
    remove_client(SHOP, by=OPERATOR, now=world.now)
    forget_clients()
    bye = log_out(flow, id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE)
    assert (bye.location, bye.is_over) == (None, True)


def test_a_form_of_another_site_comes_without_the_cookie_and_is_led_to_it(flow: Flow, hint: str) -> None:
    led = log_out(flow, method="POST", session="", id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE)
    assert (led.status, led.cookies) == (303, ())
    assert (led.location or "").startswith(f"{URL}/oauth2/logout?id_token_hint=")
    assert is_signed_in(flow)


def test_the_answer_to_the_question_is_good_for_this_session_alone(
    world: World, flow: Flow, anna: Account, phone: Phone, hint: str
) -> None:
    """Logout CSRF: whoever has a session of his own gets no answer for anybody else's."""
    assert hint
    thief = Flow(world)
    thief.answered(anna, phone)
    thief.stay()
    fields = log_out(thief).fields
    for confirm in (fields["confirm"], "x", "\u00e4"):
        assert log_out(flow, method="POST", confirm=confirm).asks
    assert is_signed_in(flow)
    assert log_out(thief, method="POST", **fields).is_over
    assert is_signed_in(flow)


def test_what_a_client_says_is_never_written_on_the_page_as_it_is(flow: Flow, hint: str) -> None:
    assert hint
    bye = log_out(flow, state='"><script>', post_logout_redirect_uri="<b>")
    assert "<script>" not in bye.page
    assert "<b>" not in bye.page
    assert bye.fields["state"] == '"><script>'


def test_two_tabs_that_end_a_session_at_once_end_it_once(world: World, flow: Flow, anna: Account, hint: str) -> None:
    world.aws.before("TransactWriteItems", lambda: log_out(flow, id_token_hint=hint), after=0)
    assert log_out(flow, id_token_hint=hint).is_over
    assert [one.state for one in sessions_of(anna.id)] == ["ended"]


def test_a_session_that_is_used_while_it_ends_ends(world: World, flow: Flow, anna: Account, hint: str) -> None:
    world.aws.before("TransactWriteItems", flow.silently, after=0)
    assert log_out(flow, id_token_hint=hint).is_over
    assert [one.state for one in sessions_of(anna.id)] == ["ended"]


def test_of_a_session_that_ended_with_its_account_nobody_is_asked(
    world: World, flow: Flow, anna: Account, hint: str
) -> None:
    assert hint
    freeze_account(anna.id, operator="petra", now=world.now)
    assert log_out(flow).is_over


def test_a_wrong_cookie_is_nobodys_session(flow: Flow, hint: str) -> None:
    assert hint
    name, _, value = flow.session.partition("=")
    session_id, _, secret = value.rpartition(".")
    for wrong in ("x", f"{session_id}.{'A' * 43}", f"a.b.{secret}", f"{session_id}.{secret}x", ""):
        flow.session = f"{name}={wrong}"
        assert flow.silently(prompt="none")["error"] == "login_required"
        assert log_out(flow).is_over
    flow.session = f"{name}={value}"
    assert is_signed_in(flow)


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Möchten Sie sich abmelden?"), ("en", "Do you want to log out?")]
)
def test_the_person_is_asked_in_a_language_of_theirs(
    world: World, flow: Flow, hint: str, language: str, title: str
) -> None:
    assert hint
    headers = {"cookie": flow.session, "accept-language": language}
    answer = world.answer(*world.event("GET", "/oauth2/logout", headers=headers))
    assert title in answer["body"]
    assert answer["headers"]["Content-Language"] == language
