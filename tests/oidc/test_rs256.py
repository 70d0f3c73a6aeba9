"""RS256 for the clients that know nothing else, where the operator names an RSA key."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from back_channel_logout.step import tell_clients
from smartident.clients.changes import ClientNotFound, change_client
from smartident.clients.client import Client, ClientRow
from smartident.clients.client_cache import forget_clients
from smartident.crypto.algorithms import RS256
from smartident.tokens.id_token import key_name
from smartident.tokens.jwks import public_jwk
from tests.support.oidc_flow import OPERATOR, SHOP, SHOP_BYE, Flow, log_out
from tests.support.paper_post import PaperPost, logouts
from tests.support.rsa import rsa_key
from tests.support.tax_app import client_row

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def by_rs256(world: World) -> None:
    """From now on the shop gets RS256."""
    change_client(SHOP, with_rs256, by=OPERATOR, now=world.now)
    forget_clients()


def with_rs256(client: Client) -> Client:
    return replace(client, id_token_alg=RS256)


def test_a_client_gets_rs256_and_finds_its_key(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    key = rsa_key()
    world.set(RSA_SIGNING_KEYS=key)
    public_jwk.cache_clear()
    by_rs256(world)
    told = flow.token(flow.answered(anna, phone)["code"])[2]
    served: Any = world.http("GET", "/.well-known/jwks.json")[2]
    verified = jwt.decode(told["id_token"], KeySet.import_key_set(served), algorithms=[RS256])
    assert (verified.header["alg"], verified.header["kid"]) == (RS256, key_name(key))
    assert verified.claims["sub"] == anna.id
    assert [one["alg"] for one in served["keys"]] == ["ES256", RS256]


def test_everybody_else_keeps_es256(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    world.set(RSA_SIGNING_KEYS=f"{rsa_key()},{rsa_key()}")
    public_jwk.cache_clear()
    told = flow.token(flow.answered(anna, phone)["code"])[2]
    served: Any = world.http("GET", "/.well-known/jwks.json")[2]
    assert len(served["keys"]) == 3
    verified = jwt.decode(told["id_token"], KeySet.import_key_set(served), algorithms=["ES256"])
    assert verified.header["alg"] == "ES256"


@pytest.mark.parametrize(("keys", "algorithms"), [(0, ["ES256"]), (1, ["ES256", RS256])])
def test_discovery_says_what_signs(world: World, keys: int, algorithms: list[str]) -> None:
    world.set(RSA_SIGNING_KEYS=",".join(rsa_key() for _ in range(keys)))
    told = world.http("GET", "/.well-known/openid-configuration")[2]
    assert told["id_token_signing_alg_values_supported"] == algorithms


def test_a_stack_without_the_key_uses_up_no_code(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    by_rs256(world)
    code = flow.answered(anna, phone)["code"]
    assert flow.token(code)[2]["error"] == "temporarily_unavailable"
    world.set(RSA_SIGNING_KEYS=rsa_key())
    assert flow.token(code)[0] == 200


@pytest.mark.parametrize("spec", ["ECC_NIST_P256", "ECC_NIST_P384"])
def test_another_key_is_not_published_as_rs256(world: World, spec: str) -> None:
    world.set(RSA_SIGNING_KEYS=rsa_key(spec))
    public_jwk.cache_clear()
    status, headers, told = world.http("GET", "/.well-known/jwks.json")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=60")
    assert [one["alg"] for one in told["keys"]] == ["ES256"]


def test_a_client_changed_by_somebody_without_the_pepper_gets_no_mac_from_an_operator(world: World) -> None:
    ClientRow.get("CLIENTS", f"CLIENT#{SHOP}").update(
        actions=[ClientRow.redirect_uris.set("https://evil.example.test/")]
    )
    before = json.dumps(client_row(SHOP).serialize(), sort_keys=True)
    with pytest.raises(ClientNotFound):
        change_client(SHOP, with_rs256, by=OPERATOR, now=world.now)
    assert json.dumps(client_row(SHOP).serialize(), sort_keys=True) == before


def test_two_operators_at_once_undo_nothing_of_each_other(world: World) -> None:
    def rename() -> None:
        change_client(SHOP, lambda client: replace(client, name="Laden"), by=OPERATOR, now=world.now)

    world.aws.before("UpdateItem", rename)
    changed = change_client(SHOP, with_rs256, by=OPERATOR, now=world.now)
    assert (changed.name, changed.id_token_alg) == ("Laden", RS256)


def test_an_id_token_by_rs256_is_a_hint_and_its_client_hears_of_the_logout_by_rs256(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    world.set(RSA_SIGNING_KEYS=rsa_key())
    public_jwk.cache_clear()
    by_rs256(world)
    hint = flow.token(flow.answered(anna, phone)["code"])[2]["id_token"]
    flow.stay()
    assert "code" in flow.silently(prompt="none", id_token_hint=hint)
    spoiled = hint[:-4] + ("AAAA" if hint[-4:] != "AAAA" else "BBBB")
    assert flow.silently(prompt="none", id_token_hint=spoiled)["error"] == "invalid_request"
    assert log_out(flow, id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE).location == SHOP_BYE
    post = PaperPost()
    for key in logouts():
        tell_clients(*key, post=post, now=world.now)
    assert [header["alg"] for _, header, _ in post.heard] == [RS256]
