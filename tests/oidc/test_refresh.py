"""Refresh tokens: replaced at each use, recognised when they come again, ended by what ends the login's grant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smartident.clients.changes import change_client
from smartident.clients.client_cache import forget_clients
from smartident.freeze.freeze import freeze_account
from smartident.oauth.authorization import AuthorizationRow
from smartident.passkeys.change_policy import order_login_policy
from smartident_client.keys import Key
from tests.support.log_lines import logged
from tests.support.login_passkey import made, signed_in
from tests.support.oidc_flow import ASSERTED, BANK, BANK_URI, SHOP, SPA, Flow, assertion, basic, claims_of, dpop

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

DAY = 86_400


@pytest.fixture
def tokens(flow: Flow, anna: Account, phone: Phone) -> dict[str, Any]:
    """What a client got that may refresh."""
    flow.changes = {"scope": "openid offline_access"}
    told: dict[str, Any] = flow.token(flow.answered(anna, phone)["code"])[2]
    return told


def test_a_refresh_replaces_both_tokens(world: World, flow: Flow, tokens: dict[str, Any]) -> None:
    world.later(3600)
    status, _, told = flow.refresh(tokens["refresh_token"])
    assert status == 200
    assert told["refresh_token"] != tokens["refresh_token"]
    assert flow.userinfo(told["access_token"])[0] == 200
    assert flow.userinfo(tokens["access_token"])[0] == 401
    before, after = claims_of(tokens["id_token"]), claims_of(told["id_token"])
    assert (after["auth_time"], after["iat"], "nonce" in after) == (before["auth_time"], world.now, False)
    assert (after["jti"] != before["jti"], after["sid"]) == (True, before["sid"])


def test_only_a_client_that_may_and_asks_gets_a_refresh_token(world: World, anna: Account, phone: Phone) -> None:
    plain = Flow(world)
    assert "refresh_token" not in plain.token(plain.answered(anna, phone)["code"])[2]
    bank = Flow(world, BANK, BANK_URI, changes={"scope": "openid offline_access"})
    code = bank.answered(anna, phone)["code"]
    told = bank.token(code, headers={}, **ASSERTED, client_assertion=assertion(world))[2]
    assert (told["scope"], "refresh_token" in told) == ("openid", False)


def test_refresh_theft_an_old_token_ends_everything(world: World, flow: Flow, tokens: dict[str, Any]) -> None:
    told = flow.refresh(tokens["refresh_token"])[2]
    world.later(30)
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"
    assert flow.refresh(told["refresh_token"])[2]["error"] == "invalid_grant"
    assert flow.userinfo(told["access_token"])[0] == 401


def test_refresh_theft_a_token_of_two_generations_ago_is_no_repeat(flow: Flow, tokens: dict[str, Any]) -> None:
    second = flow.refresh(tokens["refresh_token"])[2]
    third = flow.refresh(second["refresh_token"])[2]
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"
    assert flow.userinfo(third["access_token"])[0] == 401


def test_a_lost_answer_is_asked_for_again_within_half_a_minute(
    world: World, flow: Flow, tokens: dict[str, Any]
) -> None:
    first = flow.refresh(tokens["refresh_token"])[2]
    world.later(29)
    again = flow.refresh(tokens["refresh_token"])[2]
    assert again["refresh_token"] == first["refresh_token"]
    assert flow.userinfo(again["access_token"])[0] == 200
    assert flow.refresh(again["refresh_token"])[0] == 200


def test_many_refreshes_at_once_leave_one_access_token(flow: Flow, tokens: dict[str, Any]) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: flow.refresh(tokens["refresh_token"]), range(16)))
    given = [told for status, _, told in answers if status == 200]
    assert (len(given), len({told["refresh_token"] for told in given})) == (16, 1)
    assert sum(flow.userinfo(told["access_token"])[0] == 200 for told in given) == 1


def test_a_refresh_that_was_overtaken_changes_nothing(world: World, flow: Flow, tokens: dict[str, Any]) -> None:
    latest: dict[str, Any] = {}

    def overtake() -> None:
        second = flow.refresh(tokens["refresh_token"])[2]
        latest.update(flow.refresh(second["refresh_token"])[2])

    world.aws.before("UpdateItem", overtake)
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"
    assert flow.userinfo(latest["access_token"])[0] == 200
    assert flow.refresh(latest["refresh_token"])[0] == 200


def test_a_refresh_that_another_one_overtook_is_its_repeat(world: World, flow: Flow, tokens: dict[str, Any]) -> None:
    """Two tabs that refresh at the same moment are answered as if one came after the other, a proof of a key too."""
    first: dict[str, Any] = {}
    world.aws.before("UpdateItem", lambda: first.update(flow.refresh(tokens["refresh_token"])[2]))
    status, _, second = flow.refresh(tokens["refresh_token"], headers={**basic(), **dpop(world, Key.make("P-256"))})
    assert (status, second["token_type"], second["refresh_token"]) == (200, "DPoP", first["refresh_token"])
    assert flow.userinfo(first["access_token"])[0] == 401


def test_cross_client_another_client_refreshes_nothing(world: World, flow: Flow, tokens: dict[str, Any]) -> None:
    told = flow.refresh(tokens["refresh_token"], headers={}, client_id=SPA)[2]
    assert told["error"] == "invalid_grant"
    assert flow.refresh(tokens["refresh_token"])[0] == 200


@pytest.mark.parametrize("spoil", [lambda one: one[:-1] + "!", lambda one: one.replace(".1.", ".2."), lambda one: "x"])
def test_a_token_that_was_never_given_refreshes_nothing(flow: Flow, tokens: dict[str, Any], spoil: Any) -> None:
    assert flow.refresh(spoil(tokens["refresh_token"]))[2]["error"] == "invalid_grant"
    assert flow.refresh(tokens["access_token"])[2]["error"] == "invalid_grant"
    assert flow.refresh(tokens["refresh_token"])[0] == 200


@pytest.mark.parametrize(("pauses", "works"), [([6 * DAY] * 5, False), ([6 * DAY] * 4, True), ([7 * DAY], False)])
def test_refreshing_ends_a_week_after_the_last_time_and_a_month_after_the_login(
    world: World, flow: Flow, tokens: dict[str, Any], pauses: list[int], *, works: bool
) -> None:
    told = tokens
    for number, pause in enumerate(pauses, 1):
        world.later(pause)
        status, _, told = flow.refresh(told["refresh_token"])
        assert (status == 200) == (works or number < len(pauses))


def test_a_frozen_account_ends_refreshing(world: World, flow: Flow, anna: Account, tokens: dict[str, Any]) -> None:
    freeze_account(anna.id, operator="petra", now=world.now)
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"


def test_a_client_that_demands_a_passkey_ends_refreshing_what_a_phone_approved(
    world: World, flow: Flow, tokens: dict[str, Any]
) -> None:
    change_client(SHOP, lambda shop: replace(shop, login_policy="passkey_only"), by="petra", now=world.now)
    forget_clients()
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"
    change_client(SHOP, lambda shop: replace(shop, login_policy="phone"), by="petra", now=world.now)
    forget_clients()
    assert flow.refresh(tokens["refresh_token"])[0] == 200


def test_an_account_that_demands_a_passkey_ends_refreshing(
    world: World, flow: Flow, anna: Account, phone: Phone, tokens: dict[str, Any]
) -> None:
    session = signed_in(world, phone, world.start(anna))
    for _ in range(2):
        made(world, session)
    order_login_policy(anna.id, "passkey_only", now=world.now)
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"


def test_a_scope_may_not_grow(flow: Flow, tokens: dict[str, Any]) -> None:
    assert flow.refresh(tokens["refresh_token"], scope="openid email")[2]["error"] == "invalid_scope"
    assert flow.refresh(tokens["refresh_token"], scope="openid")[0] == 200
    assert flow.refresh("")[2]["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_a_client_revokes_all_that_a_login_gave(flow: Flow, tokens: dict[str, Any], name: str) -> None:
    assert flow.revoke(tokens[name]) == 200
    assert flow.userinfo(tokens["access_token"])[0] == 401
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"
    assert flow.revoke(tokens[name]) == 200


def test_revocation_tells_nothing_and_ends_nothing_of_others(flow: Flow, tokens: dict[str, Any]) -> None:
    assert flow.revoke(tokens["refresh_token"], headers={}, client_id=SPA) == 200
    for other in ("x", "a.b.c", tokens["access_token"][:-1] + "!"):
        assert flow.revoke(other) == 200
    assert flow.userinfo(tokens["access_token"])[0] == 200
    assert flow.revoke("") == 400
    assert flow.revoke("x", headers=basic(secret="wrong")) == 401


@pytest.mark.parametrize(
    "changes", [{"refresh_generation": 7}, {"refresh_until": 9_999_999_999}, {"refreshed_at": 9_999_999_999}], ids=str
)
def test_insider_without_the_pepper_prolongs_nothing(
    flow: Flow, tokens: dict[str, Any], changes: dict[str, int]
) -> None:
    account_id, part, *_ = tokens["refresh_token"].split(".")
    row = AuthorizationRow(account_id, f"AUTHORIZATION#{part}")
    row.update(actions=[getattr(AuthorizationRow, name).set(value) for name, value in changes.items()])
    with logged() as log:
        assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"
    assert [one["reason"] for one in log.lines("event") if one["event"] == "grant_refused"] == ["authorization"]
