"""A browser that stays signed in: the modules of the conformance suite's basic plan that are about it, and its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_password
from smartident.clients.changes import add_client, remove_client
from smartident.clients.client import Client
from smartident.clients.client_cache import forget_clients
from smartident.devices.revoke import revoke
from smartident.freeze.freeze import freeze_account
from smartident.passkeys.change_policy import order_login_policy
from smartident.sessions.session import SessionRow, sessions_of
from tests.support.login_passkey import made, options, signed_in
from tests.support.oidc_flow import BANK, BANK_URI, OPERATOR, SESSION_COOKIE, SHOP, SPA, SPA_URI, Flow, claims_of
from tests.support.world import URL

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

HOURS = 3600


def id_token_of(flow: Flow, heard: dict[str, str]) -> dict[str, object]:
    status, _, told = flow.token(heard["code"])
    assert status == 200, told
    return claims_of(told["id_token"])


@pytest.fixture
def claims(flow: Flow, anna: Account, phone: Phone) -> dict[str, object]:
    """What the shop heard at the login; the browser stays signed in."""
    told = id_token_of(flow, flow.answered(anna, phone))
    flow.stay()
    return told


def session(anna: Account) -> SessionRow:
    (row,) = SessionRow.query(anna.id, SessionRow.sk.startswith("SESSION#"), consistent_read=True)
    return row


# oidcc-basic


def test_oidcc_prompt_none_not_logged_in(flow: Flow) -> None:
    heard = flow.silently(prompt="none")
    assert (heard["error"], heard["state"], heard["iss"]) == ("login_required", "the state", URL)


def test_oidcc_prompt_none_logged_in(world: World, flow: Flow, claims: dict[str, object]) -> None:
    world.later(600)
    again = id_token_of(flow, flow.silently(prompt="none"))
    same = ("sub", "auth_time", "sid", "acr", "amr", "iss", "aud")
    assert {name: again[name] for name in same} == {name: claims[name] for name in same}
    assert (again["iat"], again["nonce"]) == (world.now, "the nonce")
    assert again["jti"] != claims["jti"]


def test_oidcc_prompt_login(world: World, flow: Flow, anna: Account, phone: Phone, claims: dict[str, object]) -> None:
    """The same person goes on in the same session, of which the old cookie is none any more."""
    world.later(600)
    assert flow.asks(prompt="login")
    old = flow.session
    again = id_token_of(flow, flow.answered(anna, phone))
    assert (again["sub"], again["sid"], again["auth_time"]) == (claims["sub"], claims["sid"], world.now)
    flow.stay()
    assert flow.session != old
    assert "code" in flow.silently(prompt="none")
    flow.session = old
    assert flow.silently(prompt="none")["error"] == "login_required"


@pytest.mark.parametrize("prompt", ["consent", "select_account", "login consent"])
def test_what_would_ask_for_consent_or_another_account_asks_the_phone(
    flow: Flow, claims: dict[str, object], prompt: str
) -> None:
    assert claims
    assert flow.asks(prompt=prompt)


def test_oidcc_max_age_1(world: World, flow: Flow, anna: Account, phone: Phone, claims: dict[str, object]) -> None:
    world.later(1)
    assert flow.asks(max_age="1")
    assert flow.silently(max_age="1", prompt="none")["error"] == "login_required"
    flow.changes = {"max_age": "1"}
    assert id_token_of(flow, flow.answered(anna, phone))["auth_time"] == world.now != claims["auth_time"]


def test_oidcc_max_age_10000(world: World, flow: Flow, claims: dict[str, object]) -> None:
    world.later(9_999)
    assert id_token_of(flow, flow.silently(max_age="10000"))["auth_time"] == claims["auth_time"]
    assert flow.asks(max_age="0")


def test_oidcc_id_token_hint(flow: Flow, anna: Account, phone: Phone) -> None:
    token = flow.token(flow.answered(anna, phone)["code"])[2]["id_token"]
    assert flow.silently(prompt="none", id_token_hint=token)["error"] == "login_required"
    flow.stay()
    assert "code" in flow.silently(prompt="none", id_token_hint=token)
    assert flow.push()[0] == 201


def test_an_id_token_hint_of_somebody_else_gives_no_code(
    world: World, flow: Flow, anna: Account, phone: Phone, claims: dict[str, object]
) -> None:
    jonas = world.account(two_factor=False)
    assert claims["sub"] == anna.id
    theirs = Flow(world)
    hint = theirs.token(theirs.answered(jonas, None)["code"])[2]["id_token"]
    assert flow.silently(prompt="none", id_token_hint=hint)["error"] == "login_required"
    flow.changes = {"id_token_hint": hint}
    assert flow.answered(anna, phone)["error"] == "login_required"


def test_an_id_token_hint_that_is_none_of_ours_is_refused(flow: Flow, anna: Account, phone: Phone) -> None:
    token = flow.token(flow.answered(anna, phone)["code"])[2]["id_token"]
    header, payload, signature = token.split(".")
    for hint in ("x", "a.b.c", f"{header}.{payload}.", f"{header}.{payload[:-2]}xx.{signature}"):
        assert flow.silently(id_token_hint=hint)["error"] == "invalid_request"
    flow.world.set(API_URL="https://other.example.test", CLIENT_ORIGINS="https://other.example.test")
    assert flow.silently(id_token_hint=token)["error"] == "invalid_request"


def test_a_client_that_wants_a_passkey_is_not_served_by_a_session_of_a_phone(
    world: World, flow: Flow, anna: Account, phone: Phone, claims: dict[str, object]
) -> None:
    by_passkey, either = "urn:smartident:acr:phishing-resistant", "urn:smartident:acr:approved-by-phone"
    assert claims["acr"] == either
    assert flow.asks(acr_values=by_passkey)
    assert flow.silently(acr_values=by_passkey, prompt="none")["error"] == "login_required"
    assert "code" in flow.silently(acr_values=f"{by_passkey} {either}")
    passkey = replace(made(world, signed_in(world, phone, world.start(anna))), origin=URL)
    flow.changes = {"acr_values": by_passkey}
    interaction = flow.interaction()
    ask = {"assertion": passkey.get(options(world)), "client_id": SHOP}
    begun = world.http("POST", "/v1/passkeys/login", ask, headers={"origin": URL})[2]
    assert flow.finish(interaction, begun)[0] == 200
    flow.stay()
    assert id_token_of(flow, flow.silently(acr_values=by_passkey))["acr"] == by_passkey


def test_a_client_that_wants_two_factors_is_not_served_by_a_password(world: World, flow: Flow) -> None:
    flow.answered(world.account(two_factor=False), None)
    flow.stay()
    assert flow.asks(acr_values="urn:smartident:acr:approved-by-phone")
    assert "code" in flow.silently()


def test_where_only_a_passkey_logs_in_a_session_of_a_phone_is_none(
    world: World, flow: Flow, anna: Account, phone: Phone, claims: dict[str, object]
) -> None:
    assert claims
    for _ in range(2):
        made(world, signed_in(world, phone, world.start(anna)))
    strict = Client("strict", "Streng", (URL,), (SPA_URI,), auth_method="none", login_policy="passkey_only")
    add_client(strict, by=OPERATOR, now=world.now)
    assert Flow(world, "strict", SPA_URI, session=flow.session).asks()
    order_login_policy(anna.id, "passkey_only", now=world.now)
    assert flow.asks()


def test_where_only_the_phone_logs_in_a_session_of_a_passkey_is_none(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    passkey = replace(made(world, signed_in(world, phone, world.start(anna))), origin=URL)
    interaction = flow.interaction()
    ask = {"assertion": passkey.get(options(world)), "client_id": SHOP}
    assert flow.finish(interaction, world.http("POST", "/v1/passkeys/login", ask, headers={"origin": URL})[2])[0] == 200
    flow.stay()
    assert "code" in flow.silently()
    strict = Client("strict", "Streng", (URL,), (SPA_URI,), auth_method="none", login_policy="phone")
    add_client(strict, by=OPERATOR, now=world.now)
    assert Flow(world, "strict", SPA_URI, session=flow.session).asks()


def test_a_pushed_request_leads_nowhere_that_the_client_has_given_up(
    world: World, flow: Flow, claims: dict[str, object]
) -> None:
    assert claims
    flow.push_and_refer()
    remove_client(SHOP, by=OPERATOR, now=world.now)
    moved = Client(SHOP, "Laden", (URL,), (SPA_URI,), auth_method="none")
    add_client(moved, by=OPERATOR, now=world.now)
    forget_clients()
    assert flow.authorize()[0] == 400


def test_the_next_client_needs_no_login_and_knows_the_same_session(
    world: World, flow: Flow, anna: Account, claims: dict[str, object]
) -> None:
    other = Flow(world, SPA, SPA_URI, session=flow.session)
    told = claims_of(other.token(other.silently()["code"], headers={}, client_id=SPA)[2]["id_token"])
    assert (told["aud"], told["sub"], told["sid"]) == (SPA, anna.id, claims["sid"])
    assert session(anna).clients == {SHOP, SPA}


def test_a_pushed_request_is_used_up_by_a_silent_answer_too(flow: Flow, claims: dict[str, object]) -> None:
    assert claims
    flow.push_and_refer()
    first, second = flow.authorize(), flow.authorize()
    assert "code" in flow.heard(first[1]["Location"])
    assert second[0] == 400


def test_a_pushed_request_that_two_tabs_bring_at_once_gives_one_code(
    world: World, flow: Flow, claims: dict[str, object]
) -> None:
    assert claims
    flow.push_and_refer()
    other = replace(flow)
    world.aws.before("TransactWriteItems", other.authorize, after=0)
    assert flow.authorize()[0] == 400


def test_two_tabs_at_once_both_get_their_codes(
    world: World, flow: Flow, anna: Account, claims: dict[str, object]
) -> None:
    assert claims
    other = Flow(world, SPA, SPA_URI, session=flow.session)
    world.aws.before("TransactWriteItems", other.silently, after=0)
    assert "code" in flow.silently()
    assert session(anna).clients == {SHOP, SPA}


def test_a_session_that_was_used_while_its_person_logs_in_again_goes_on(
    world: World, flow: Flow, anna: Account, phone: Phone, claims: dict[str, object]
) -> None:
    flow.changes = {"prompt": "login"}
    interaction, begun = flow.interaction(), flow.log_in(anna, phone)
    other = Flow(world, SPA, SPA_URI, session=flow.session)
    world.aws.before("TransactWriteItems", other.silently, after=0)
    assert flow.finish(interaction, begun)[0] == 200
    assert flow.stay().silently(prompt="none").keys() == {"code", "state", "iss"}
    assert session(anna).clients == {SHOP, SPA}
    assert [one.id for one in sessions_of(anna.id)] == [claims["sid"]]


@pytest.mark.parametrize("cookie", ["old", "new"])
def test_a_page_that_finishes_twice_gets_the_same_code_and_session(
    flow: Flow, anna: Account, phone: Phone, claims: dict[str, object], cookie: str
) -> None:
    assert claims
    flow.changes = {"prompt": "login"}
    interaction, begun = flow.interaction(), flow.log_in(anna, phone)
    told, given = flow.finish(interaction, begun), flow.given
    if cookie == "new":
        flow.stay()
    assert flow.finish(interaction, begun) == told
    assert flow.given == given
    assert len(list(sessions_of(anna.id))) == 1


# Its end


def test_a_session_is_over_after_its_time_however_much_it_is_used(
    world: World, flow: Flow, claims: dict[str, object]
) -> None:
    assert claims
    for _ in range(7):
        world.later(HOURS)
        assert "code" in flow.silently(prompt="none")
    world.later(HOURS)
    assert flow.silently(prompt="none")["error"] == "login_required"


def test_a_session_that_nobody_uses_is_over_earlier_where_the_operator_says_so(
    world: World, flow: Flow, claims: dict[str, object]
) -> None:
    assert claims
    world.set(SESSION_IDLE=1800)
    for _ in range(3):
        world.later(1799)
        assert "code" in flow.silently(prompt="none")
    world.later(1800)
    assert flow.silently(prompt="none")["error"] == "login_required"


def test_without_sessions_each_authorization_asks_the_phone(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    world.set(SESSION_LIFETIME=0)
    told = id_token_of(flow, flow.answered(anna, phone))
    assert (flow.given, list(sessions_of(anna.id))) == ("", [])
    assert told["sid"]
    assert flow.asks()


def test_sessions_that_the_operator_switches_off_count_no_more(
    world: World, flow: Flow, claims: dict[str, object]
) -> None:
    assert claims
    world.set(SESSION_LIFETIME=0)
    assert flow.asks()


@pytest.mark.parametrize(
    "ends",
    [
        lambda world, anna, _: freeze_account(anna.id, operator="petra", now=world.now),
        lambda world, anna, _: change_password(anna.id, "Neu-Wort-4711", now=world.now),
        lambda world, anna, phone: revoke(anna.id, phone.key.thumbprint, by=None, now=world.now),
    ],
    ids=["frozen", "new password", "phone revoked"],
)
def test_what_ends_an_account_s_grants_ends_its_sessions_by_state(
    world: World,
    flow: Flow,
    anna: Account,
    phone: Phone,
    ends: Callable[[World, Account, Phone], None],
) -> None:
    flow.answered(anna, phone)
    flow.stay()
    assert "code" in flow.silently(prompt="none")
    ends(world, anna, phone)
    assert flow.silently(prompt="none")["error"] == "login_required"


def test_a_login_after_that_begins_another_session(
    world: World, flow: Flow, anna: Account, phone: Phone, claims: dict[str, object]
) -> None:
    revoke(anna.id, world.paired_phone(phone, anna).key.thumbprint, by=None, now=world.now)
    assert flow.asks()
    again = id_token_of(flow, flow.answered(anna, phone))
    assert again["sid"] != claims["sid"]


def test_somebody_else_at_the_same_browser_ends_the_session_of_before(
    world: World, flow: Flow, anna: Account, claims: dict[str, object]
) -> None:
    jonas = world.account(two_factor=False)
    flow.changes = {"prompt": "select_account"}
    told = id_token_of(flow, flow.answered(jonas, None))
    assert (told["sub"], told["sid"] == claims["sid"]) == (jonas.id, False)
    assert session(anna).state == "ended"
    assert flow.silently(prompt="none")["error"] == "login_required"


def test_a_session_that_had_ended_by_itself_is_not_ended_again(
    world: World, flow: Flow, anna: Account, claims: dict[str, object]
) -> None:
    assert claims
    freeze_account(anna.id, operator="petra", now=world.now)
    flow.answered(world.account(two_factor=False), None)
    assert session(anna).state == "active"


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    interaction, begun = flow.interaction(), flow.log_in(anna, phone)
    sent = {"authorization": f"Bearer {begun['login_token']}", "origin": URL, "cookie": flow.cookie}
    body = {"interaction": interaction, "login_id": begun["login_id"]}
    answer = world.answer(*world.event("POST", "/oauth2/interaction", body, headers=sent))
    (cookie,) = (one for one in answer["cookies"] if one.startswith(SESSION_COOKIE))
    assert cookie.partition("; ")[2] == "Path=/; Max-Age=28800; HttpOnly; Secure; SameSite=Lax"
    assert cookie.partition(";")[0].rpartition(".")[2] not in str(session(anna).serialize())


def test_a_login_to_one_client_signs_in_to_no_client_of_another_provider(
    world: World, flow: Flow, claims: dict[str, object]
) -> None:
    """Two clients of one provider do share a session: that is what it is for."""
    assert claims["aud"] == SHOP
    assert "code" in Flow(world, BANK, BANK_URI, session=flow.session).silently()
