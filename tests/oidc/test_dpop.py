"""Tokens bound to a client's own key (DPoP, RFC 9449): whoever steals one has nothing without the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.clients.changes import add_client, show_client
from smartident.clients.client import Client
from smartident.clients.client_cache import forget_clients
from smartident.oauth.authorization import AuthorizationRow
from smartident_client.keys import Key
from tests.support.log_lines import logged
from tests.support.oidc_flow import BANK, OPERATOR, SHOP, SPA, SPA_URI, Flow, basic, dpop, query_of
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

KEY, OTHER = Key.make("P-256"), Key.make("P-256")
OFFLINE = "openid offline_access"


@pytest.fixture(params=["P-256", "Ed25519"])
def key(request: pytest.FixtureRequest) -> Key:
    return Key.make(request.param)


@pytest.fixture
def spa(world: World) -> Flow:
    """An authorization of a public client that may refresh."""
    world.later(1)
    add_client(
        Client("app", "App", (URL,), (SPA_URI,), auth_method="none", offline_access=True), by=OPERATOR, now=world.now
    )
    return Flow(world, "app", SPA_URI, changes={"scope": OFFLINE})


@pytest.fixture
def code(flow: Flow, anna: Account, phone: Phone) -> str:
    """A code that waits for its client."""
    return flow.answered(anna, phone)["code"]


def redeemed(flow: Flow, code: str, proof: dict[str, str], **changes: Any) -> tuple[int, dict[str, str], Any]:
    """The answer to a client that proves its key beside itself."""
    if flow.client_id == SHOP:
        return flow.token(code, headers={**basic(), **proof}, **changes)
    return flow.token(code, headers=proof, client_id=flow.client_id, **changes)


def bound(world: World, flow: Flow, anna: Account, phone: Phone, key: Key = KEY) -> dict[str, Any]:
    """What a client gets that proves a key."""
    status, _, told = redeemed(flow, flow.answered(anna, phone)["code"], dpop(world, key))
    assert (status, told["token_type"]) == (200, "DPoP")
    answer: dict[str, Any] = told
    return answer


def shown(world: World, key: Key, token: str, /, **changes: Any) -> dict[str, str]:
    """The proof that goes with an access token."""
    return dpop(world, key, "GET", "/oauth2/userinfo", **{"token": token, **changes})


def test_a_token_of_a_key_is_good_with_a_proof_by_it(
    world: World, flow: Flow, anna: Account, phone: Phone, key: Key
) -> None:
    token = bound(world, flow, anna, phone, key)["access_token"]
    status, _, told = flow.userinfo(token, shown(world, key, token))
    assert (status, told["sub"]) == (200, anna.id)
    headers = {"authorization": f"dpop {token}", **dpop(world, key, "POST", "/oauth2/userinfo", token=token)}
    assert world.http("POST", "/oauth2/userinfo", headers=headers)[0] == 200


def test_a_stolen_token_is_worth_nothing_alone(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    token = bound(world, flow, anna, phone)["access_token"]
    for headers in ({}, shown(world, OTHER, token), dpop(world, KEY), dpop(world, KEY, "GET", "/oauth2/userinfo")):
        status, answered, told = flow.userinfo(token, headers)
        assert (status, told["error"] in {"invalid_token", "invalid_dpop_proof"}) == (401, True)
        assert answered["WWW-Authenticate"].startswith('DPoP algs="ES256 EdDSA", error="')
    status, answered, told = flow.userinfo(token)
    assert (status, told["error"]) == (401, "invalid_token")
    assert flow.userinfo(token, shown(world, KEY, token))[0] == 200


def test_a_token_of_no_key_takes_no_proof(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    token = flow.token(flow.answered(anna, phone)["code"])[2]["access_token"]
    assert flow.userinfo(token, shown(world, KEY, token))[2]["error"] == "invalid_token"
    status, answered, _ = flow.userinfo("nothing")
    assert (status, answered["WWW-Authenticate"].endswith(', DPoP algs="ES256 EdDSA"')) == (401, True)
    assert flow.userinfo(token)[0] == 200


SPOILED = [
    ({"htm": "GET"}, {}),
    ({"htm": None}, {}),
    ({"htu": f"{URL}/oauth2/par"}, {}),
    ({"htu": f"{URL}/oauth2/token?x=1"}, {}),
    ({"htu": None}, {}),
    ({"iat": None}, {}),
    ({"iat": "now"}, {}),
    ({"iat": True}, {}),
    ({"jti": None}, {}),
    ({"jti": ""}, {}),
    ({"jti": 7}, {}),
    ({"jti": "j" * 129}, {}),
    ({}, {"typ": "JWT"}),
    ({}, {"typ": None}),
    ({}, {"alg": "none"}),
    ({}, {"alg": "HS256"}),
    ({}, {"alg": "RS256"}),
    ({}, {"jwk": None}),
    ({}, {"jwk": None, "kid": KEY.thumbprint}),
    ({}, {"jwk": OTHER.public_jwk()}),
    ({}, {"jwk": KEY.private_jwk()}),
    ({}, {"jwk": "x"}),
    ({}, {"crit": ["exp"]}),
]


# Keys are made by chance: a name of theirs would differ in every process.
@pytest.mark.parametrize(("changes", "header"), SPOILED, ids=" ".join)
def test_a_proof_for_something_else_or_by_nobody_proves_nothing(
    world: World, flow: Flow, code: str, changes: dict[str, Any], header: dict[str, Any]
) -> None:
    status, _, told = redeemed(flow, code, dpop(world, KEY, header=header, **changes))
    assert (status, told["error"]) == (400, "invalid_dpop_proof")
    assert redeemed(flow, code, dpop(world, KEY))[0] == 200


@pytest.mark.parametrize("proof", ["", "x", "a.b.c", "e30.e30.AA", "x" * 9000, 'e30."\\.AA'], ids=lambda one: one[:9])
def test_a_proof_that_is_no_jwt_proves_nothing(flow: Flow, proof: str) -> None:
    status, _, told = redeemed(flow, "a.b", {"dpop": proof})
    assert (status, told["error"]) == (400, "invalid_dpop_proof")


def test_two_proofs_are_none(world: World, flow: Flow) -> None:
    """API Gateway joins headers of one name by a comma."""
    both = ",".join(dpop(world, KEY)["dpop"] for _ in range(2))
    assert redeemed(flow, "a.b", {"dpop": both})[2]["error"] == "invalid_dpop_proof"


@pytest.mark.parametrize(
    ("seconds", "error"), [(-10, None), (10, None), (-30, None), (30, None), (-31, "no"), (31, "no")], ids=str
)
def test_the_clients_clock_may_be_a_little_off(
    world: World, flow: Flow, code: str, seconds: int, error: str | None
) -> None:
    told = redeemed(flow, code, dpop(world, KEY, iat=world.now + seconds))[2]
    assert told.get("error") == (error and "invalid_dpop_proof")


def test_a_proof_counts_once(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    flow.changes = {"scope": OFFLINE}
    tokens = bound(world, flow, anna, phone)
    token, proof = tokens["access_token"], shown(world, KEY, tokens["access_token"])
    assert flow.userinfo(token, proof)[0] == 200
    status, answered, told = flow.userinfo(token, proof)
    assert (status, told["error"]) == (401, "invalid_dpop_proof")
    assert 'DPoP algs="ES256 EdDSA", error="invalid_dpop_proof"' in answered["WWW-Authenticate"]
    again = dpop(world, KEY)
    assert flow.refresh(tokens["refresh_token"], headers={**basic(), **again})[0] == 200
    world.later(29)
    assert flow.refresh(tokens["refresh_token"], headers={**basic(), **again})[2]["error"] == "invalid_dpop_proof"
    other = dpop(world, OTHER, jti="the same")
    assert flow.push(headers={**basic(), **dpop(world, KEY, path="/oauth2/par", jti="the same")})[0] == 201
    assert redeemed(flow, "a.b", other)[2]["error"] == "invalid_grant"


def test_another_access_token_than_the_proofs_is_refused(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    token = bound(world, flow, anna, phone)["access_token"]
    for changes in ({"token": "other"}, {"token": None}, {"ath": token}):
        assert flow.userinfo(token, shown(world, KEY, token, **changes))[2]["error"] == "invalid_dpop_proof"


def test_a_code_of_one_key_is_redeemed_by_no_other(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    flow.changes = {"dpop_jkt": KEY.thumbprint}
    code = flow.answered(anna, phone)["code"]
    for headers in (basic(), {**basic(), **dpop(world, OTHER)}):
        assert flow.token(code, headers=headers)[2]["error"] == "invalid_grant"
    assert redeemed(flow, code, dpop(world, KEY))[0] == 200


@pytest.mark.parametrize("how", ["dpop_jkt", "a pushed request"])
def test_a_code_for_who_is_signed_in_is_bound_to_the_key_too(
    world: World, flow: Flow, anna: Account, phone: Phone, how: str
) -> None:
    """Whoever takes the code on its way has no proof by the key, whether or not the person had to log in."""
    flow.answered(anna, phone)
    flow.stay()
    if how == "dpop_jkt":
        code = flow.silently(dpop_jkt=KEY.thumbprint)["code"]
    else:
        flow.reference = flow.push(headers={**basic(), **dpop(world, KEY, path="/oauth2/par")})[2]["request_uri"]
        code = flow.silently()["code"]
    for headers in (basic(), {**basic(), **dpop(world, OTHER)}):
        assert flow.token(code, headers=headers)[2]["error"] == "invalid_grant"
    assert redeemed(flow, code, dpop(world, KEY))[2]["token_type"] == "DPoP"


@pytest.mark.parametrize("thumbprint", ["x", "=" * 43, KEY.thumbprint + "x"], ids=["short", "padding", "long"])
def test_what_is_no_thumbprint_is_told_to_the_client(world: World, thumbprint: str) -> None:
    status, headers = Flow(world, changes={"dpop_jkt": thumbprint}).authorize()
    assert (status, query_of(headers["Location"])["error"]) == (303, ["invalid_request"])


def test_a_pushed_request_with_a_proof_binds_its_code(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    proof = dpop(world, KEY, path="/oauth2/par")
    flow.reference = flow.push(headers={**basic(), **proof})[2]["request_uri"]
    code = flow.answered(anna, phone)["code"]
    assert redeemed(flow, code, dpop(world, OTHER))[2]["error"] == "invalid_grant"
    assert redeemed(flow, code, dpop(world, KEY))[0] == 200
    assert flow.push(headers={**basic(), **proof})[2]["error"] == "invalid_dpop_proof"


def test_a_pushed_request_names_the_key_that_it_proves(world: World, flow: Flow) -> None:
    path = "/oauth2/par"
    told = flow.push(headers={**basic(), **dpop(world, KEY, path=path)}, dpop_jkt=OTHER.thumbprint)
    assert (told[0], told[2]["error"]) == (400, "invalid_dpop_proof")
    assert flow.push(headers={**basic(), **dpop(world, KEY, path=path)}, dpop_jkt=KEY.thumbprint)[0] == 201


def test_a_public_clients_refresh_token_is_bound_to_its_key(
    world: World, spa: Flow, anna: Account, phone: Phone
) -> None:
    tokens = bound(world, spa, anna, phone)
    named = {"client_id": "app"}
    stolen = spa.refresh(tokens["refresh_token"], headers=dpop(world, OTHER), **named)[2]
    assert stolen["error"] == "invalid_grant"
    assert spa.refresh(tokens["refresh_token"], headers={}, **named)[2]["error"] == "invalid_dpop_proof"
    status, _, told = spa.refresh(tokens["refresh_token"], headers=dpop(world, KEY), **named)
    assert (status, told["token_type"]) == (200, "DPoP")
    assert spa.userinfo(told["access_token"], shown(world, KEY, told["access_token"]))[0] == 200


def test_a_client_that_proves_itself_may_change_its_key_and_never_goes_without(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    flow.changes = {"scope": OFFLINE}
    first = bound(world, flow, anna, phone)["refresh_token"]
    assert flow.refresh(first)[2]["error"] == "invalid_dpop_proof"
    told = flow.refresh(first, headers={**basic(), **dpop(world, OTHER)})[2]
    token = told["access_token"]
    assert flow.userinfo(token, shown(world, KEY, token))[0] == 401
    assert flow.userinfo(token, shown(world, OTHER, token))[0] == 200


def test_tokens_without_a_key_get_one_by_a_refresh(world: World, spa: Flow, anna: Account, phone: Phone) -> None:
    plain = spa.token(spa.answered(anna, phone)["code"], headers={}, client_id="app")[2]
    assert plain["token_type"] == "Bearer"
    told = spa.refresh(plain["refresh_token"], headers=dpop(world, KEY), client_id="app")[2]
    assert told["token_type"] == "DPoP"
    assert spa.refresh(told["refresh_token"], headers={}, client_id="app")[2]["error"] == "invalid_dpop_proof"


def test_a_client_may_have_to_prove_a_key(world: World, anna: Account, phone: Phone) -> None:
    strict = Client("strict", "Streng", (URL,), (SPA_URI,), auth_method="none", require_dpop=True)
    add_client(strict, by=OPERATOR, now=world.now)
    forget_clients()
    assert show_client("strict").require_dpop
    flow = Flow(world, "strict", SPA_URI)
    code = flow.answered(anna, phone)["code"]
    assert flow.token(code, headers={}, client_id="strict")[2]["error"] == "invalid_dpop_proof"
    assert redeemed(flow, code, dpop(world, KEY))[2]["token_type"] == "DPoP"


def test_whoever_finds_a_bound_token_may_end_it_but_a_wrong_proof_is_told(
    world: World, spa: Flow, anna: Account, phone: Phone
) -> None:
    tokens = bound(world, spa, anna, phone)
    wrong = dpop(world, KEY, path="/oauth2/par")
    assert spa.revoke(tokens["refresh_token"], headers=wrong, client_id="app") == 400
    token = tokens["access_token"]
    assert spa.userinfo(token, shown(world, KEY, token))[0] == 200
    assert spa.revoke(token, headers=dpop(world, KEY, path="/oauth2/revoke"), client_id="app") == 200
    assert spa.userinfo(token, shown(world, KEY, token))[0] == 401


def test_insider_without_the_pepper_binds_no_token_to_his_key(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    token = bound(world, flow, anna, phone)["access_token"]
    account_id, part, *_ = token.split(".")
    row = AuthorizationRow(account_id, f"AUTHORIZATION#{part}")
    row.update(actions=[AuthorizationRow.dpop_jkt.set(OTHER.thumbprint)])
    with logged() as log:
        assert flow.userinfo(token, shown(world, OTHER, token))[0] == 401
    assert [one["reason"] for one in log.lines("event") if one["event"] == "grant_refused"] == ["authorization"]


def test_the_provider_says_which_proofs_it_takes(world: World) -> None:
    told = world.http("GET", "/.well-known/openid-configuration")[2]
    assert told["dpop_signing_alg_values_supported"] == ["ES256", "EdDSA"]


@pytest.mark.parametrize("client_id", [SPA, BANK])
def test_nobody_must_who_does_not_have_to(client_id: str) -> None:
    assert show_client(client_id).require_dpop is False
