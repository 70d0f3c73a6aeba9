"""CIBA from the request to the tokens; the names of the tests are those of the conformance suite's modules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_external_id
from smartident_client import base64url
from tests.support.ciba_flow import BACKEND, CUSTOMER, FIREFOX, BackEnd, approve, deny, pinged
from tests.support.oidc_flow import SHOP, claims_of
from tests.support.world import ELSEWHERE, URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def test_ciba_id1(world: World, back_end: BackEnd, anna: Account, phone: Phone) -> None:
    """The whole way; the first poll comes at once."""
    status, _, begun = back_end.ask()
    assert (status, begun["expires_in"], begun["interval"]) == (200, 180, 2)
    assert back_end.error(begun["auth_req_id"]) == "authorization_pending"
    assert approve(world, phone, begun)[0] == 200
    world.later(2)
    status, _, told = back_end.poll(begun["auth_req_id"])
    assert status == 200, told
    assert (told["token_type"], told["scope"]) == ("Bearer", "openid profile")
    claims = claims_of(told["id_token"])
    assert (claims["iss"], claims["aud"], claims["sub"], claims["external_id"]) == (URL, BACKEND, anna.id, CUSTOMER)
    assert (claims["amr"], claims["acr"]) == (["pop", "user", "mfa"], "urn:smartident:acr:approved-by-phone")
    assert "nonce" not in claims
    user = world.http("GET", "/oauth2/userinfo", headers={"authorization": f"Bearer {told['access_token']}"})
    assert (user[0], user[2]["sub"]) == (200, anna.id)


def test_the_phone_shows_and_signs_what_the_client_told(world: World, back_end: BackEnd, phone: Phone) -> None:
    back_end.ask(binding_message="Überweisung Nº 7")
    (shown,) = world.listed(phone)
    stated = json.loads(base64url.decode(shown["statement"]))
    assert shown["transfer_code_digits"] == 6
    assert (stated["client"], stated["client_name"], stated["client_host"]) == (
        BACKEND,
        "Musterbank",
        "shop.example.test",
    )
    assert (stated["ip"], stated["browser"], stated["os"]) == (ELSEWHERE, "Firefox", "Linux")
    assert (stated["told_by_client"], stated["binding_message"]) == (True, "Überweisung Nº 7")
    assert (stated["place"], stated["origin"]) == (None, "?")
    assert FIREFOX not in shown["statement"]


@pytest.mark.parametrize("hint", ["300 100 200", "300100200", "berta@example.org", "Berta@EXAMPLE.org", "K-7"])
def test_login_hint_is_any_name_that_stands_for_one_account(world: World, back_end: BackEnd, hint: str) -> None:
    account = world.account("300100200", email="berta@example.org")
    phone = world.phone(account)
    change_external_id(account.id, BACKEND, "K-7", now=world.now)
    assert back_end.ask(login_hint=hint)[0] == 200
    assert len(world.listed(phone)) == 1


def test_ensure_request_without_scope_openid_fails(back_end: BackEnd) -> None:
    assert back_end.ask(scope="profile")[2]["error"] == "invalid_scope"
    assert back_end.ask(scope=None)[2]["error"] == "invalid_scope"


def test_user_rejects_authentication(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.ask()[2]
    deny(world, phone, "changed_my_mind")
    assert back_end.error(begun["auth_req_id"]) == "access_denied"


def test_a_mistyped_transfer_code_is_a_denial(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.ask()[2]
    wrong = f"{(int(begun['transfer_code'].replace(' ', '')) + 1) % 10**6:06}"
    assert approve(world, phone, begun, wrong)[0] == 422
    assert back_end.error(begun["auth_req_id"]) == "access_denied"


@pytest.mark.parametrize("expiry", ["30", "10"])
def test_ensure_request_with_requested_expiry_expires(
    world: World, back_end: BackEnd, phone: Phone, expiry: str
) -> None:
    begun = back_end.ask(requested_expiry=expiry)[2]
    assert begun["expires_in"] == int(expiry)
    world.later(int(expiry) - 1)
    assert back_end.error(begun["auth_req_id"]) == "authorization_pending"
    world.later(2)
    assert back_end.error(begun["auth_req_id"]) == "expired_token"
    assert world.listed(phone) == []


@pytest.mark.parametrize("expiry", ["0", "-1", "soon", "1.5", "9999999999"])
def test_a_requested_expiry_that_is_no_time_is_refused(back_end: BackEnd, expiry: str) -> None:
    assert back_end.ask(requested_expiry=expiry)[2]["error"] == "invalid_request"


def test_no_request_waits_longer_than_a_login(back_end: BackEnd) -> None:
    assert back_end.ask(requested_expiry="86400")[2]["expires_in"] == 180


def test_an_approval_that_nobody_fetches_is_over(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.approved(phone)
    world.later(120)
    assert back_end.error(begun["auth_req_id"]) == "expired_token"


def test_polling_too_fast_is_told_to_slow_down_by_five_seconds(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.ask()[2]
    assert back_end.error(begun["auth_req_id"]) == "authorization_pending"
    world.later(1)
    assert back_end.error(begun["auth_req_id"]) == "slow_down"
    world.later(6)
    assert back_end.error(begun["auth_req_id"]) == "slow_down"
    approve(world, phone, begun)
    world.later(11)
    assert back_end.error(begun["auth_req_id"]) == "slow_down"
    world.later(17)
    assert back_end.poll(begun["auth_req_id"])[0] == 200


def test_the_interval_is_bounded(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.ask()[2]
    back_end.error(begun["auth_req_id"])
    for _ in range(15):
        assert back_end.error(begun["auth_req_id"]) == "slow_down"
    approve(world, phone, begun)
    world.later(30)
    assert back_end.poll(begun["auth_req_id"])[0] == 200


def test_auth_req_id_is_dead_after_its_use_and_its_reuse_revokes_the_tokens(
    world: World, back_end: BackEnd, phone: Phone
) -> None:
    begun = back_end.approved(phone)
    given = back_end.poll(begun["auth_req_id"])[2]
    bearer = {"authorization": f"Bearer {given['access_token']}"}
    assert world.http("GET", "/oauth2/userinfo", headers=bearer)[0] == 200
    assert back_end.error(begun["auth_req_id"]) == "invalid_grant"
    assert world.http("GET", "/oauth2/userinfo", headers=bearer)[0] == 401
    world.later(2)
    assert back_end.error(begun["auth_req_id"]) == "invalid_grant"


@pytest.mark.parametrize("auth_req_id", ["", "nonsense", "a.b.c", "ö"])
def test_ensure_wrong_authentication_request_id_in_token_endpoint_request(back_end: BackEnd, auth_req_id: str) -> None:
    assert back_end.error(auth_req_id) == ("invalid_request" if not auth_req_id else "invalid_grant")


def test_another_clients_auth_req_id_is_none_of_ones_own(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.approved(phone)
    assert pinged(world).error(begun["auth_req_id"]) == "invalid_grant"
    assert back_end.poll(begun["auth_req_id"])[0] == 200


def test_a_client_that_may_not_ask_phones_hears_so(world: World, phone: Phone) -> None:
    shop = BackEnd(world, SHOP, "the-secret-of-the-shop")
    assert shop.ask()[2]["error"] == "unauthorized_client"
    assert shop.error("nonsense") == "unauthorized_client"
    assert world.listed(phone) == []


def test_ensure_client_assertion_or_secret_is_required(world: World) -> None:
    stranger = BackEnd(world, secret="wrong")
    assert stranger.ask()[:3:2] == (401, {"error": "invalid_client", "error_description": "wrong client secret"})


def test_refresh_tokens_of_an_approval_go_on_as_any_others(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.approved(phone, scope="openid offline_access")
    given = back_end.poll(begun["auth_req_id"])[2]
    status, _, told = back_end._post(
        "/oauth2/token", {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    )
    assert (status, claims_of(told["id_token"])["amr"]) == (200, ["pop", "user", "mfa"])
    assert back_end.error(begun["auth_req_id"]) == "invalid_grant"
