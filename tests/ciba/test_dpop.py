"""Tokens of an approval that are bound to the client's key (RFC 9449), as those of a code are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from smartident.clients.changes import change_client
from smartident.clients.client_cache import forget_clients
from smartident_client.keys import Key
from tests.support.ciba_flow import BACKEND, BACKEND_SECRET, GRANT, BackEnd, approve
from tests.support.oidc_flow import FORM, OPERATOR, basic, dpop

if TYPE_CHECKING:
    from tests.support.world import Phone, World

KEY, OTHER = Key.make("P-256"), Key.make("P-256")


def poll(world: World, begun: dict[str, Any], proof: dict[str, str]) -> dict[str, Any]:
    """The client asks for its tokens, and proves a key."""
    body = urlencode({"grant_type": GRANT, "auth_req_id": begun["auth_req_id"]}).encode()
    told: dict[str, Any] = world.http(
        "POST", "/oauth2/token", body, headers={**FORM, **basic(BACKEND, BACKEND_SECRET), **proof}
    )[2]
    return told


def userinfo(world: World, scheme: str, token: str, proof: dict[str, str]) -> int:
    return world.http("GET", "/oauth2/userinfo", headers={"authorization": f"{scheme} {token}", **proof})[0]


def test_a_stolen_token_of_an_approval_is_worth_nothing_without_the_clients_key(
    world: World, back_end: BackEnd, phone: Phone
) -> None:
    told = poll(world, back_end.approved(phone), dpop(world, KEY))
    token = told["access_token"]
    assert told["token_type"] == "DPoP"
    assert userinfo(world, "Bearer", token, {}) == 401
    for key, status in ((OTHER, 401), (KEY, 200)):
        assert userinfo(world, "DPoP", token, dpop(world, key, "GET", "/oauth2/userinfo", token=token)) == status


def test_dpop_replay_a_proof_that_was_used_gets_no_tokens_of_an_approval(
    world: World, back_end: BackEnd, phone: Phone
) -> None:
    """And uses the approval up for nobody."""
    proof, begun = dpop(world, KEY), back_end.ask()[2]
    assert poll(world, begun, proof)["error"] == "authorization_pending"
    approve(world, phone, begun)
    world.later(2)
    assert poll(world, begun, proof)["error"] == "invalid_dpop_proof"
    world.later(2)
    assert poll(world, begun, dpop(world, KEY))["token_type"] == "DPoP"


def test_a_client_that_must_prove_a_key_gets_no_tokens_without(world: World, back_end: BackEnd, phone: Phone) -> None:
    change_client(BACKEND, lambda one: replace(one, require_dpop=True), by=OPERATOR, now=world.now)
    forget_clients()
    begun = back_end.approved(phone)
    assert back_end.error(begun["auth_req_id"]) == "invalid_dpop_proof"
    assert poll(world, begun, dpop(world, KEY))["token_type"] == "DPoP"
