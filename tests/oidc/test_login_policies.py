"""A client's login policy, once somebody is signed in, has a code or waits: what it demands holds by then too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from complete.step import finish_login
from login.step import Credentials, start_login
from smartident.clients.changes import add_client, change_client
from smartident.clients.client import Client
from smartident.clients.client_cache import forget_clients
from smartident.clients.login_policy import PASSKEY_ONLY, PHONE
from smartident.errors import LoginNotFound
from smartident.logins.login import LoginRow
from smartident.statements.login import RequestOrigin
from smartident.storage import keys
from tests.support.login_passkey import LoginPasskey, made, options, sign_in, signed_in
from tests.support.oidc_flow import OPERATOR, SHOP, SPA_URI, Flow
from tests.support.world import AGENT, HOME, ORIGIN, PASSWORD, URL, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone

STRICT = Client("strict", "Streng", (URL,), (SPA_URI,), auth_method="none", login_policy=PASSKEY_ONLY)


def demand(world: World, client: str, policy: str) -> None:
    """The operator changes what the client's people log in with; every container has heard of it."""
    change_client(client, lambda one: replace(one, login_policy=policy), by=OPERATOR, now=world.now)
    forget_clients()


def by_passkey(flow: Flow, passkey: LoginPasskey) -> None:
    """A login at the flow's client, after which the browser stays signed in."""
    interaction = flow.interaction()
    ask = {"assertion": passkey.get(options(flow.world)), "client_id": flow.client_id}
    begun = flow.world.http("POST", "/v1/passkeys/login", ask, headers={"origin": URL})[2]
    assert flow.finish(interaction, begun)[0] == 200
    flow.stay()


@pytest.fixture
def passkey(world: World, anna: Account, phone: Phone) -> LoginPasskey:
    """One that Anna's phone let her make just now, on the page of the provider."""
    return replace(made(world, signed_in(world, phone, world.start(anna))), origin=URL)


@pytest.fixture
def strict(world: World) -> Flow:
    """A client that demands a passkey."""
    add_client(STRICT, by=OPERATOR, now=world.now)
    return Flow(world, STRICT.id, SPA_URI)


def test_a_session_of_a_passkey_made_just_now_serves_no_client_that_demands_one(
    world: World, flow: Flow, strict: Flow, passkey: LoginPasskey
) -> None:
    """A relayed approval is enough to make one: the client that demands one takes it at the login no earlier."""
    world.set(SESSION_LIFETIME=30 * 3600)
    by_passkey(flow, passkey)
    assert "code" in flow.silently()
    strict.session = flow.session
    assert strict.asks()
    assert strict.silently(prompt="none")["error"] == "login_required"
    world.later(24 * 3600 - 1)
    assert strict.asks()
    world.later(1)
    assert "code" in strict.silently()


def test_a_session_of_a_passkey_that_is_gone_serves_no_client_that_demands_one(
    world: World, flow: Flow, strict: Flow, anna: Account, passkey: LoginPasskey
) -> None:
    world.later(24 * 3600)
    by_passkey(flow, passkey)
    strict.session = flow.session
    assert "code" in strict.silently()
    (row,) = (one for one in LoginRow.query(anna.id, LoginRow.sk.startswith("LOGIN#")) if one.amr.startswith("swk"))
    kept = LoginRow.get(*keys.new_login(anna.id, row.sk.partition("#")[2]))
    row.delete()
    assert strict.asks()
    kept.save()
    assert "code" in strict.silently()


def test_a_login_that_waits_while_its_client_demands_a_passkey_gives_no_code(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    interaction = flow.interaction()
    begun = flow.log_in(anna, phone)
    demand(world, SHOP, PASSKEY_ONLY)
    status, told = flow.finish(interaction, begun)
    assert (status, told["code"]) == (404, "login_not_found")


def test_a_code_that_waits_while_its_client_demands_a_passkey_gives_no_tokens(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    code = flow.answered(anna, phone)["code"]
    demand(world, SHOP, PASSKEY_ONLY)
    assert flow.token(code)[2]["error"] == "invalid_grant"


def test_a_code_of_a_passkey_gives_none_once_its_client_demands_the_phone(
    world: World, flow: Flow, passkey: LoginPasskey
) -> None:
    interaction = flow.interaction()
    ask = {"assertion": passkey.get(options(world)), "client_id": SHOP}
    begun = world.http("POST", "/v1/passkeys/login", ask, headers={"origin": URL})[2]
    code = flow.heard(flow.finish(interaction, begun)[1]["redirect_to"])["code"]
    demand(world, SHOP, PHONE)
    assert flow.token(code)[2]["error"] == "invalid_grant"


def test_a_login_that_waits_at_a_client_without_openid_connect_gives_no_session(
    world: World, anna: Account, phone: Phone
) -> None:
    add_client(Client("depot", "Depot", (ORIGIN,), (f"{ORIGIN}/depot",)), by=OPERATOR, now=world.now)
    ask = Credentials(anna.number, PASSWORD, "depot")
    started = start_login(ask, request_origin=RequestOrigin(HOME, AGENT, ORIGIN), now=world.now)
    world.approve(phone, started)
    demand(world, "depot", PASSKEY_ONLY)
    with pytest.raises(LoginNotFound):
        finish_login(started.login.id, started.token, issuer=URL, now=world.now)


def test_a_login_that_waits_while_the_operator_demands_a_passkey_of_everybody_gives_no_session(
    world: World, anna: Account, phone: Phone
) -> None:
    started = world.start(anna)
    world.approve(phone, started)
    world.set(LOGIN_POLICY=PASSKEY_ONLY)
    with pytest.raises(LoginNotFound):
        world.complete(started)


def test_a_passkeys_login_is_completed_where_one_is_demanded_by_then(world: World, passkey: LoginPasskey) -> None:
    login = sign_in(world, passkey.get(options(world)), origin=URL)
    world.set(LOGIN_POLICY=PASSKEY_ONLY)
    assert finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)["id_token"]
