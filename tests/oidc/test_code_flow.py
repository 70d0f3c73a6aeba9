"""The code flow of OpenID Connect, from the client's link to its tokens, over the functions' own handlers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_external_id
from smartident.clients.changes import remove_client
from smartident.clients.client_cache import forget_clients
from tests.support.login_passkey import made, options, signed_in
from tests.support.oidc_flow import (
    BANK,
    BANK_URI,
    OPERATOR,
    SHOP,
    SPA,
    SPA_URI,
    Flow,
    assertion,
    claims_of,
)
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

BY_ASSERTION = {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}


def test_a_client_gets_tokens_for_who_approved_on_the_phone(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    heard = flow.answered(anna, phone)
    assert heard.keys() == {"code", "state", "iss"}
    assert (heard["state"], heard["iss"]) == ("the state", URL)
    status, headers, told = flow.token(heard["code"])
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 300, "openid profile email")
    claims = claims_of(told["id_token"])
    assert (claims["iss"], claims["aud"], claims["sub"]) == (URL, SHOP, anna.id)
    assert (claims["nonce"], claims["auth_time"]) == ("the nonce", world.now)
    assert claims["acr"] == "urn:smartident:acr:approved-by-phone"
    assert claims["sid"]
    for method in ("GET", "POST"):
        bearer = {"authorization": f"Bearer {told['access_token']}"}
        status, _, user = world.http(method, "/oauth2/userinfo", headers=bearer)
        assert (status, user) == (200, {"sub": anna.id, "name": "Anna Berger", "preferred_username": anna.number})


def test_a_client_hears_its_own_name_for_the_person_and_no_others(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    change_external_id(anna.id, BANK, "B-1", now=world.now)
    heard = flow.answered(anna, phone)
    assert "external_id" not in claims_of(flow.token(heard["code"])[2]["id_token"])
    change_external_id(anna.id, SHOP, "S-1", now=world.now)
    heard = flow.answered(anna, phone)
    assert claims_of(flow.token(heard["code"])[2]["id_token"])["external_id"] == "S-1"


def test_the_person_reads_on_the_phone_which_client_and_where_it_leads(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    begun = flow.log_in(anna, None)
    (waiting,) = world.listed(phone)
    assert begun["login_id"] == waiting["login_id"]
    shown = claims_of(f".{waiting['statement']}.")
    assert (shown["client"], shown["client_name"], shown["client_host"]) == (SHOP, "Lädchen", "shop.example.test")


def test_a_scope_tells_what_it_is_for_and_no_more(world: World) -> None:
    jonas = world.account(two_factor=False, email="jonas@person.example")
    for scope, more in (
        ("openid", set()),
        ("email openid", {"email"}),
        ("openid address profile", {"name", "preferred_username"}),
    ):
        flow = Flow(world, changes={"scope": scope})
        told = flow.token(flow.answered(jonas, None)["code"])[2]
        assert flow.userinfo(told["access_token"])[2].keys() == {"sub", *more}


def test_a_request_by_form_and_one_with_much_that_we_do_not_know_go_on(flow: Flow) -> None:
    flow.changes = {"display": "popup", "ui_locales": "fr", "claims_locales": "fr", "acr_values": "1 2", "foo": "bar"}
    flow.changes |= {"login_hint": "anna@person.example", "prompt": "login consent", "max_age": "1"}
    assert flow.interaction(by_form=True)


def test_what_was_not_sent_does_not_come_back(flow: Flow, anna: Account, phone: Phone) -> None:
    flow.changes = {"state": None, "nonce": None}
    heard = flow.answered(anna, phone)
    assert "state" not in heard
    assert "nonce" not in claims_of(flow.token(heard["code"])[2]["id_token"])


def test_a_long_state_and_nonce_come_back_uncut(flow: Flow, anna: Account, phone: Phone) -> None:
    flow.changes = {"state": "s" * 2048, "nonce": "n" * 255}
    heard = flow.answered(anna, phone)
    assert heard["state"] == "s" * 2048
    assert claims_of(flow.token(heard["code"])[2]["id_token"])["nonce"] == "n" * 255


def test_a_client_with_a_key_and_a_port_redeems_its_code(world: World, anna: Account, phone: Phone) -> None:
    flow = Flow(world, BANK, BANK_URI)
    code = flow.answered(anna, phone)["code"]
    status, _, told = flow.token(code, headers={}, **BY_ASSERTION, client_assertion=assertion(world))
    assert (status, claims_of(told["id_token"])["aud"]) == (200, BANK)


def test_a_public_client_redeems_its_code_by_pkce_alone(world: World, anna: Account, phone: Phone) -> None:
    flow = Flow(world, SPA, SPA_URI)
    assert flow.token(flow.answered(anna, phone)["code"], headers={}, client_id=SPA)[0] == 200


def test_a_secret_may_come_in_the_form_too(flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    secret = {"client_id": SHOP, "client_secret": "the-secret-of-the-shop"}
    assert flow.token(code, headers={}, **secret)[0] == 200


def test_the_page_learns_who_asks_and_how_to_go_back(world: World, flow: Flow) -> None:
    flow.changes = {"login_hint": "anna@person.example"}
    interaction = flow.interaction()
    cookie = {"cookie": flow.cookie}
    status, _, told = world.http("GET", f"/oauth2/interaction?interaction={interaction}", headers=cookie)
    assert status == 200
    assert (told["client_id"], told["name"], told["host"]) == (SHOP, "Lädchen", "shop.example.test")
    assert told["login_hint"] == "anna@person.example"
    heard = flow.heard(told["cancel_to"])
    assert (heard["error"], heard["state"], heard["iss"]) == ("access_denied", "the state", URL)


def test_two_tabs_of_a_browser_both_go_well(flow: Flow, anna: Account, phone: Phone) -> None:
    first = flow.interaction()
    flow.interaction()
    assert flow.finish(first, flow.log_in(anna, phone))[0] == 200


def test_a_lost_answer_is_asked_for_again_and_is_the_same(flow: Flow, anna: Account, phone: Phone) -> None:
    interaction = flow.interaction()
    begun = flow.log_in(anna, phone)
    first = flow.finish(interaction, begun)
    assert first[0] == 200
    assert flow.finish(interaction, begun) == first


def test_a_login_that_waits_or_was_declined_gives_no_code(flow: Flow, anna: Account, phone: Phone) -> None:
    interaction = flow.interaction()
    begun = flow.log_in(anna, None)
    assert flow.finish(interaction, begun)[1]["code"] == "login_pending"
    flow.world.send(phone, "POST", f"/v1/approvals/{begun['login_id']}", {"decision": "deny", "reason": "not_me"})
    assert flow.finish(interaction, begun)[1]["code"] == "login_denied"


def test_who_waits_too_long_begins_again(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    interaction = flow.interaction()
    world.later(600)
    status, told = flow.finish(interaction, flow.log_in(anna, phone))
    assert (status, told["code"]) == (410, "login_expired")


def test_a_client_that_wants_two_factors_gets_no_code_for_one(world: World, flow: Flow) -> None:
    jonas = world.account(two_factor=False)
    flow.changes = {"acr_values": "urn:smartident:acr:approved-by-phone"}
    heard = flow.answered(jonas, None)
    assert (heard["error"], heard["state"]) == ("unmet_authentication_requirements", "the state")


def test_a_client_that_wants_a_passkey_gets_no_code_for_a_phone(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    passkey = replace(made(world, signed_in(world, phone, world.start(anna))), origin=URL)
    flow.changes = {"acr_values": "urn:smartident:acr:phishing-resistant"}
    assert flow.answered(anna, phone)["error"] == "unmet_authentication_requirements"
    ask = {"assertion": passkey.get(options(world)), "client_id": SHOP}
    begun = world.http("POST", "/v1/passkeys/login", ask, headers={"origin": URL})[2]
    status, told = flow.finish(flow.interaction(), begun)
    assert status == 200
    claims = claims_of(flow.token(flow.heard(told["redirect_to"])["code"])[2]["id_token"])
    assert (claims["amr"], claims["acr"]) == (["swk", "user", "mfa"], "urn:smartident:acr:phishing-resistant")
    assert claims["nonce"] == "the nonce"


def test_a_client_that_takes_either_gets_a_code_for_a_phone(flow: Flow, anna: Account, phone: Phone) -> None:
    flow.changes = {"acr_values": "urn:smartident:acr:phishing-resistant urn:smartident:acr:approved-by-phone"}
    assert flow.answered(anna, phone)["code"]


def test_a_client_that_takes_the_password_alone_gets_a_code_for_it(world: World, flow: Flow) -> None:
    flow.changes = {"acr_values": "urn:smartident:acr:approved-by-phone urn:smartident:acr:password"}
    assert flow.answered(world.account(two_factor=False), None)["code"]


def test_a_removed_client_is_answered_nowhere(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    interaction, begun = flow.interaction(), flow.log_in(anna, phone)
    remove_client(SHOP, by=OPERATOR, now=world.now)
    forget_clients()
    assert flow.finish(interaction, begun)[0] == 404
    assert flow.authorize()[0] == 400


def test_without_a_login_page_of_its_own_the_provider_says_so(world: World, flow: Flow) -> None:
    world.set(CLIENT_ORIGINS="https://finance.example.test")
    status, headers = flow.authorize()
    assert (status, headers["Content-Type"]) == (400, "text/html; charset=utf-8")


@pytest.mark.parametrize("path", ["openid-configuration", "oauth-authorization-server"])
def test_a_client_configures_itself(world: World, path: str) -> None:
    status, headers, told = world.http("GET", f"/.well-known/{path}")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=3600")
    assert told["issuer"] == URL
    assert told["authorization_endpoint"] == f"{URL}/oauth2/authorize"
    assert told["code_challenge_methods_supported"] == ["S256"]
    # RFC 8414 2: where a client may prove itself by its key, the algorithms must be there too.
    for endpoint in ("token", "revocation"):
        assert "private_key_jwt" in told[f"{endpoint}_endpoint_auth_methods_supported"]
        assert told[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] == ["ES256", "EdDSA"]


def test_a_trusted_browser_is_earned_as_at_any_login(flow: Flow, anna: Account, phone: Phone) -> None:
    status, told = flow.finish(flow.interaction(), flow.log_in(anna, phone))
    assert (status, told.keys()) == (200, {"redirect_to"})
    assert flow.finish(flow.interaction(), flow.log_in(anna, phone), origin="")[1].keys() == {
        "redirect_to",
        "trusted_browser",
    }
