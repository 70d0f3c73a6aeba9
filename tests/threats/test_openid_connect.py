"""Threats against OpenID Connect: each named after what the attacker does (RFC 9700)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smartident.clients.changes import add_client, remove_client, show_client
from smartident.clients.client_cache import forget_clients
from smartident.crypto.random import digest
from smartident.freeze.freeze import freeze_account
from smartident.oauth.authorization import AuthorizationRow
from tests.support.log_lines import logged
from tests.support.oidc_flow import (
    ASSERTED,
    BANK,
    BANK_URI,
    OPERATOR,
    SHOP,
    SHOP_URI,
    SPA,
    SPA_URI,
    Flow,
    add_clients,
    assertion,
    basic,
    claims_of,
)
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


@pytest.fixture(autouse=True)
def clients(world: World) -> None:
    world.stop_the_clock()
    add_clients(world)


@pytest.fixture
def flow(world: World) -> Flow:
    return Flow(world)


def row_of(flow: Flow, code: str) -> AuthorizationRow:
    account_id, part, _ = code.split(".")
    return AuthorizationRow.get(account_id, f"AUTHORIZATION#{part}", consistent_read=True)


def test_code_injection_another_browsers_code_fits_no_other_verifier(flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    attacker = Flow(flow.world)
    assert attacker.token(code)[2]["error"] == "invalid_grant"
    assert flow.token(code)[0] == 200


@pytest.mark.parametrize("verifier", ["short", "ä" * 43, "v" * 129], ids=["short", "no ASCII", "long"])
def test_pkce_a_verifier_of_another_shape_opens_nothing(flow: Flow, anna: Account, phone: Phone, verifier: str) -> None:
    flow.verifier = verifier
    code = flow.answered(anna, phone)["code"]
    assert flow.token(code)[2]["error"] == "invalid_grant"


def test_pkce_downgrade_no_client_leaves_it_out(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    asks: list[dict[str, str | None]] = [{"code_challenge": None, "code_challenge_method": None}]
    asks += [{"code_challenge_method": "plain"}]
    for changes in asks:
        asked = Flow(world, changes=changes)
        assert asked.heard(asked.authorize()[1]["Location"])["error"] == "invalid_request"
    code = flow.answered(anna, phone)["code"]
    assert flow.token(code, code_verifier=digest(flow.verifier))[2]["error"] == "invalid_grant"


def test_code_reuse_ends_what_the_code_gave(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    token = flow.token(code)[2]["access_token"]
    assert flow.userinfo(token)[0] == 200
    world.later(30)
    assert flow.token(code)[2]["error"] == "invalid_grant"
    assert flow.userinfo(token)[0] == 401
    assert flow.token(code)[2]["error"] == "invalid_grant"


def test_code_race_one_of_many_gets_tokens_and_loses_them(flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: flow.token(code), range(24)))
    given = [told["access_token"] for status, _, told in answers if status == 200]
    assert len(given) <= 1
    assert all(flow.userinfo(token)[0] == 401 for token in given)


def test_code_race_who_comes_second_ends_what_the_first_got(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    """Both have read a code that nobody had redeemed: one of them is a thief."""
    code, first = flow.answered(anna, phone)["code"], []
    world.aws.before("UpdateItem", lambda: first.append(flow.token(code)))
    assert flow.token(code)[2]["error"] == "invalid_grant"
    ((status, _, told),) = first
    assert status == 200
    assert flow.userinfo(told["access_token"])[0] == 401


def test_code_redeemed_by_another_client_is_refused_and_not_used_up(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    code = flow.answered(anna, phone)["code"]
    for sent in (
        {"headers": {}, "client_id": SPA},
        {"headers": {}, **ASSERTED, "client_assertion": assertion(world)},
    ):
        assert flow.token(code, **sent)[2]["error"] == "invalid_grant"
    assert flow.token(code)[0] == 200


def test_code_for_another_redirect_uri_is_refused(world: World, anna: Account, phone: Phone) -> None:
    flow = Flow(world, BANK, BANK_URI)
    code = flow.answered(anna, phone)["code"]
    asked = {"headers": {}, **ASSERTED, "redirect_uri": "https://bank.example.test/other"}
    assert flow.token(code, **asked, client_assertion=assertion(world))[2]["error"] == "invalid_grant"


def test_a_code_is_over_after_a_minute(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    world.later(60)
    assert flow.token(code)[2]["error"] == "invalid_grant"


def test_a_guessed_code_of_a_known_login_opens_nothing(flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    assert flow.token(code[:-1] + ("A" if code[-1] != "A" else "B"))[2]["error"] == "invalid_grant"
    assert flow.token(code)[0] == 200


def test_mix_up_every_answer_says_who_answers(flow: Flow, anna: Account, phone: Phone) -> None:
    assert flow.answered(anna, phone)["iss"] == URL
    flow.changes = {"prompt": "none"}
    assert flow.heard(flow.authorize()[1]["Location"])["iss"] == URL


def test_session_swap_an_interaction_of_another_browser_gives_no_code(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    """The attacker sends a link with his own interaction; the victim logs in and must not end in his session."""
    interaction = flow.interaction()
    begun = flow.log_in(anna, phone)
    for cookie in ("", f"__Host-smartident-interaction={'A' * 43}", "__Host-smartident-interaction=x"):
        assert flow.finish(interaction, begun, cookie=cookie)[0] == 404
        sent = {"cookie": cookie}
        assert world.http("GET", f"/oauth2/interaction?interaction={interaction}", headers=sent)[0] == 404
    assert flow.finish(interaction, begun)[0] == 200


@pytest.mark.parametrize("forged", ["", "x", ".", "e30.", "e30.AAAA"], ids=repr)
def test_an_interaction_that_we_did_not_seal_is_none(world: World, flow: Flow, forged: str) -> None:
    sealed = flow.interaction()
    for text in (forged, sealed[:-1] + ("A" if sealed[-1] != "A" else "B"), "A" + sealed):
        status, _, told = world.http("GET", f"/oauth2/interaction?interaction={text}", headers={"cookie": flow.cookie})
        assert (status, told["code"]) == (404, "login_not_found")


def test_redirect_to_where_the_client_has_nothing_any_more(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    """Whoever has the host by now would get the code of a login that began before."""
    interaction, begun = flow.interaction(), flow.log_in(anna, phone)
    moved = replace(show_client(SHOP), redirect_uris=("https://shop.example.test/elsewhere",))
    remove_client(SHOP, by=OPERATOR, now=world.now)
    add_client(moved, by=OPERATOR, now=world.now)
    forget_clients()
    assert flow.finish(interaction, begun)[0] == 404
    shown = world.http("GET", f"/oauth2/interaction?interaction={interaction}", headers={"cookie": flow.cookie})
    assert shown[0] == 404


def test_cross_client_a_login_to_one_client_gives_no_code_to_another(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    begun = flow.log_in(anna, phone)
    other = Flow(world, SPA, SPA_URI)
    interaction = other.interaction()
    assert other.finish(interaction, begun)[0] == 404


def test_cross_client_an_id_token_of_one_client_is_no_hint_of_another(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    token = flow.token(flow.answered(anna, phone)["code"])[2]["id_token"]
    assert flow.silently(prompt="none", id_token_hint=token)["error"] == "login_required"
    assert Flow(world, SPA, SPA_URI).silently(prompt="none", id_token_hint=token)["error"] == "invalid_request"


def test_one_approval_gives_one_session_a_code_or_nothing_else(flow: Flow, anna: Account, phone: Phone) -> None:
    interaction, begun = flow.interaction(), flow.log_in(anna, phone)
    bearer = {"authorization": f"Bearer {begun['login_token']}"}
    assert flow.world.http("POST", f"/v1/logins/{begun['login_id']}/complete", headers=bearer)[0] == 404
    assert flow.finish(interaction, begun)[0] == 200
    second = flow.interaction()
    flow.verifier = "another" * 7
    assert flow.finish(second, begun)[0] == 200
    third = flow.interaction()
    assert flow.finish(third, begun)[0] == 404


def test_another_page_cannot_finish_an_interaction(flow: Flow, anna: Account, phone: Phone) -> None:
    interaction, begun = flow.interaction(), flow.log_in(anna, phone)
    assert flow.finish(interaction, begun, origin="https://finance.example.test")[1]["code"] == "origin_refused"


def test_assertion_replay_the_same_assertion_counts_once(world: World) -> None:
    flow = Flow(world, BANK, BANK_URI)
    signed = assertion(world)
    first, second = (flow.token("a.b", headers={}, **ASSERTED, client_assertion=signed)[2] for _ in range(2))
    assert (first["error"], second["error"]) == ("invalid_grant", "invalid_client")


def test_a_token_of_one_login_tells_of_no_other(flow: Flow, anna: Account, phone: Phone) -> None:
    told = [flow.token(flow.answered(anna, phone)["code"])[2]["access_token"] for _ in range(2)]
    secret = told[1].rpartition(".")[2]
    assert flow.userinfo(f"{told[0].rpartition('.')[0]}.{secret}")[0] == 401


def test_an_id_token_is_no_access_token_nor_a_code(flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    told = flow.token(code)[2]
    for wrong in (told["id_token"], code):
        assert flow.userinfo(wrong)[0] == 401
    assert flow.token(told["access_token"])[2]["error"] == "invalid_grant"


def test_a_frozen_account_ends_codes_and_tokens(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    token = flow.token(flow.answered(anna, phone)["code"])[2]["access_token"]
    code = flow.answered(anna, phone)["code"]
    freeze_account(anna.id, operator="petra", now=world.now)
    assert flow.userinfo(token)[0] == 401
    assert flow.token(code)[2]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"client": SPA},
        {"redirect_uri": SPA_URI},
        {"scope": "openid profile email more"},
        {"oidc_nonce": "another"},
        {"amr": "pwd"},
        {"auth_time": 1},
        {"code_hash": digest("a.b.c")},
        {"code_challenge": digest("v" * 43)},
        {"code_expires_at": 9_999_999_999},
        {"grant_epoch": 7},
        {"state": "active"},
        {"access_expires_at": 9_999_999_999},
        {"access_token_hash": digest("x")},
        {"authorization_mac": "A" * 22},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_insider_without_the_pepper_alters_a_code_and_nobody_gets_in(
    flow: Flow, anna: Account, phone: Phone, changes: dict[str, Any]
) -> None:
    code = flow.answered(anna, phone)["code"]
    row_of(flow, code).update(actions=[getattr(AuthorizationRow, name).set(value) for name, value in changes.items()])
    with logged() as log:
        assert flow.token(code)[2]["error"] == "invalid_grant"
    assert [one["reason"] for one in log.lines("event") if one["event"] == "grant_refused"] == ["authorization"]


def test_insider_without_the_pepper_redeems_a_used_code_again(flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    before = row_of(flow, code)
    flow.token(code)
    row_of(flow, code).update(actions=[AuthorizationRow.state.set("code")])
    assert flow.token(code)[2]["error"] == "invalid_grant"
    assert before.state == "code"


def test_a_revoked_authorization_put_back_as_active_grants_nothing(flow: Flow, anna: Account, phone: Phone) -> None:
    """State is under the MAC: `revoked` turned into `code` fits none."""
    code = flow.answered(anna, phone)["code"]
    token = flow.token(code)[2]["access_token"]
    flow.token(code)
    row_of(flow, code).update(actions=[AuthorizationRow.state.set("code")])
    assert flow.token(code)[2]["error"] == "invalid_grant"
    assert flow.userinfo(token)[0] == 401


def test_a_dump_of_the_table_holds_no_code_and_no_token(flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    token = flow.token(code)[2]["access_token"]
    kept = str(row_of(flow, code).serialize())
    assert code not in kept
    assert code.rpartition(".")[2] not in kept
    assert token.rpartition(".")[2] not in kept


def test_a_client_secret_that_another_client_has_is_its_own(world: World, flow: Flow) -> None:
    assert flow.token("a.b", headers=basic(BANK))[2]["error"] == "invalid_client"
    assert (flow.client_id, flow.redirect_uri) == (SHOP, SHOP_URI)
    assert claims_of(assertion(world))["aud"] == URL
