"""The modules of the conformance suite by their names: oidcc-basic, and of FAPI 2.0 what is about what we have.

Those of prompt, max_age and id_token_hint are in test_sessions.py, those of logout in test_end_session.py and
test_back_channel_logout.py, those of CIBA in tests/ciba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from smartident_client.keys import Key
from tests.support.oidc_flow import (
    ASSERTED,
    BANK,
    BANK_URI,
    FORM,
    SHOP,
    SHOP_SECRET,
    SPA,
    Flow,
    assertion,
    basic,
    claims_of,
    dpop,
)
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

OFFLINE = "openid offline_access"
KEY, OTHER = Key.make("P-256"), Key.make("P-256")
FAPI2 = "fapi2-security-profile-final-"


@pytest.fixture
def jonas(world: World) -> Account:
    """A person who needs no phone: what these modules are about begins after the login."""
    return world.account(two_factor=False, email="jonas@person.example")


@pytest.fixture
def bank(world: World) -> Flow:
    """An authorization of the client that has a key."""
    return Flow(world, BANK, BANK_URI)


def proven(flow: Flow, **claims: Any) -> dict[str, Any]:
    """How the bank proves who it is; `claims` are those that it writes otherwise."""
    return {"headers": {}, **ASSERTED, "client_assertion": assertion(flow.world, **claims)}


GO_ON: dict[str, dict[str, str | None]] = {
    "oidcc-server": {},
    "oidcc-ensure-request-without-nonce-succeeds-for-code-flow": {"nonce": None},
    "oidcc-scope-profile": {"scope": "openid profile"},
    "oidcc-scope-email": {"scope": "openid email"},
    "oidcc-scope-address": {"scope": "openid address"},
    "oidcc-scope-phone": {"scope": "openid phone"},
    "oidcc-scope-all": {"scope": "openid profile email address phone"},
    "oidcc-ensure-other-scope-order-succeeds": {"scope": "email openid"},
    "oidcc-display-page": {"display": "page"},
    "oidcc-display-popup": {"display": "popup"},
    "oidcc-ensure-request-with-unknown-parameter-succeeds": {"extra": "foobar"},
    "oidcc-login-hint": {"login_hint": "buffy@person.example"},
    "oidcc-ui-locales": {"ui_locales": "se"},
    "oidcc-claims-locales": {"claims_locales": "se"},
    "oidcc-ensure-request-with-acr-values-succeeds": {"acr_values": "1 2"},
    "oidcc-claims-essential": {"claims": '{"userinfo":{"name":{"essential":true}}}'},
    f"{FAPI2}ensure-authorization-request-without-state-success": {"state": None},
}


@pytest.mark.parametrize("changes", GO_ON.values(), ids=GO_ON.keys())
def test_a_request_that_goes_on_to_tokens(flow: Flow, jonas: Account, changes: dict[str, str | None]) -> None:
    flow.changes = changes
    heard = flow.answered(jonas, None)
    status, _, told = flow.token(heard["code"])
    claims = claims_of(told["id_token"])
    assert (status, claims["aud"], claims["sub"]) == (200, SHOP, jonas.id)
    assert heard.get("state") == flow.parameters().get("state")
    assert claims.get("nonce") == flow.parameters().get("nonce")
    status, _, user = flow.userinfo(told["access_token"])
    assert (status, user["sub"]) == (200, jonas.id)
    wants_email = "email" in flow.parameters()["scope"]
    assert user.get("email") == ("jonas@person.example" if wants_email else None)


def test_oidcc_idtoken_signature_and_unsigned(world: World, flow: Flow, jonas: Account) -> None:
    told = flow.token(flow.answered(jonas, None)["code"])[2]
    header = claims_of(f".{told['id_token'].split('.')[0]}.")
    keys = {one["kid"]: one for one in world.http("GET", "/.well-known/jwks.json")[2]["keys"]}
    assert (header["alg"], header["kid"] in keys) == ("ES256", True)
    assert (
        "none" not in world.http("GET", "/.well-known/openid-configuration")[2]["id_token_signing_alg_values_supported"]
    )


def test_oidcc_userinfo_get_post_header_and_post_body(world: World, flow: Flow, jonas: Account) -> None:
    """A token in the body is no way of ours (RFC 6750 2.2 is optional), and gets nothing."""
    token = flow.token(flow.answered(jonas, None)["code"])[2]["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    for method in ("GET", "POST"):
        assert world.http(method, "/oauth2/userinfo", headers=bearer)[2]["sub"] == jonas.id
    body = urlencode({"access_token": token}).encode()
    assert world.http("POST", "/oauth2/userinfo", body, headers=FORM)[0] == 401
    assert world.http("GET", f"/oauth2/userinfo?access_token={token}")[0] == 401


def test_oidcc_ensure_post_request_succeeds(flow: Flow, jonas: Account) -> None:
    status, told = flow.finish(flow.interaction(by_form=True), flow.log_in(jonas, None))
    assert status == 200
    assert flow.token(flow.heard(told["redirect_to"])["code"])[0] == 200


def test_oidcc_server_client_secret_post(flow: Flow, jonas: Account) -> None:
    code = flow.answered(jonas, None)["code"]
    assert flow.token(code, headers={}, client_id=SHOP, client_secret=SHOP_SECRET)[0] == 200


@pytest.mark.parametrize(
    "seconds",
    [0, 1, 30],
    ids=["oidcc-codereuse", f"{FAPI2}attempt-reuse-authorization-code-after-one-second", "oidcc-codereuse-30seconds"],
)
def test_code_reuse(world: World, flow: Flow, jonas: Account, seconds: int) -> None:
    code = flow.answered(jonas, None)["code"]
    token = flow.token(code)[2]["access_token"]
    world.later(seconds)
    assert flow.token(code)[2]["error"] == "invalid_grant"
    assert flow.userinfo(token)[0] == 401


def test_oidcc_refresh_token(world: World, flow: Flow, jonas: Account) -> None:
    """And no token of one client for a second one."""
    flow.changes = {"scope": OFFLINE}
    first = flow.token(flow.answered(jonas, None)["code"])[2]
    second = flow.refresh(first["refresh_token"])[2]
    assert claims_of(second["id_token"])["sub"] == jonas.id
    assert flow.userinfo(second["access_token"])[0] == 200
    assert flow.refresh(second["refresh_token"], headers={}, client_id=SPA)[2]["error"] == "invalid_grant"
    assert flow.refresh(second["refresh_token"])[0] == 200
    assert world.now


REFUSED: dict[str, tuple[dict[str, str | None], str]] = {
    "oidcc-response-type-missing": ({"response_type": None}, "invalid_request"),
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported": (
        {"request": "eyJhbGciOiJub25lIn0.e30."},
        "request_not_supported",
    ),
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported": (
        {"request_uri": "https://shop.example.test/request.jwt"},
        "request_uri_not_supported",
    ),
    f"{FAPI2}ensure-pkce-required": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    f"{FAPI2}plain-pkce-rejected": ({"code_challenge_method": "plain"}, "invalid_request"),
}


@pytest.mark.parametrize(("changes", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_a_request_that_the_client_hears_was_wrong(flow: Flow, changes: dict[str, str | None], error: str) -> None:
    assert flow.silently(**changes)["error"] == error
    flow.changes = changes
    status, _, told = flow.push()
    assert (status, told["error"]) == (400, error)


NO_REDIRECT: dict[str, dict[str, str | None]] = {
    "oidcc-ensure-registered-redirect-uri": {"redirect_uri": "https://shop.example.test/callback/unregistered"},
    "oidcc-ensure-redirect-uri-in-authorization-request": {"redirect_uri": None},
    "oidcc-redirect-uri-query-added": {"redirect_uri": "https://shop.example.test/callback?foo=bar"},
    "oidcc-ensure-request-object-with-redirect-uri": {
        "request": "eyJhbGciOiJub25lIn0.e30.",
        "redirect_uri": "https://shop.example.test/callback/unregistered",
    },
}


@pytest.mark.parametrize("changes", NO_REDIRECT.values(), ids=NO_REDIRECT.keys())
def test_a_request_that_is_told_to_the_person_alone(flow: Flow, changes: dict[str, str | None]) -> None:
    flow.changes = changes
    status, headers = flow.authorize()
    assert (status, "Location" in headers) == (400, False)


# fapi2-security-profile-final: private_key_jwt, PAR, PKCE and DPoP

ASSERTIONS: dict[str, tuple[dict[str, Any], str | None]] = {
    "client-assertion-with-iss-aud-succeeds": ({}, None),
    "ensure-client-assertion-iat-and-nbf-8-seconds-ahead-succeeds": ({"iat": 8, "nbf": 8}, None),
    "ensure-client-assertion-iat-60-seconds-ahead-fails": ({"iat": 60}, "invalid_client"),
    "ensure-client-assertion-nbf-60-seconds-ahead-fails": ({"nbf": 60}, "invalid_client"),
    "ensure-client-assertion-expired-fails": ({"exp": 0}, "invalid_client"),
    "par-test-array-as-audience-for-client-assertion-fails": ({"aud": [URL]}, "invalid_client"),
    "par-test-endpoint-as-audience-for-client-assertion-fails": ({"aud": f"{URL}/oauth2/par"}, "invalid_client"),
    "ensure-client-assertion-with-no-sub-fails": ({"sub": None}, "invalid_client"),
    "ensure-client-assertion-with-another-iss-fails": ({"iss": SHOP}, "invalid_client"),
    "ensure-client-assertion-without-jti-fails": ({"jti": None}, "invalid_client"),
}


@pytest.mark.parametrize(("claims", "error"), ASSERTIONS.values(), ids=[FAPI2 + name for name in ASSERTIONS])
def test_a_client_assertion_at_the_par_endpoint(bank: Flow, claims: dict[str, Any], error: str | None) -> None:
    now = bank.world.now
    written = {name: now + value if isinstance(value, int) else value for name, value in claims.items()}
    status, _, told = bank.push(**proven(bank, **written), client_id=BANK)
    assert (status, told.get("error")) == ((401, error) if error else (201, None))


def test_fapi2_par_attempt_reuse_request_uri(bank: Flow, jonas: Account) -> None:
    bank.reference = bank.push(**proven(bank))[2]["request_uri"]
    assert bank.authorize()[0] == 303
    assert "code" in bank.answered(jonas, None)
    assert bank.authorize()[0] == 400


def test_fapi2_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds(bank: Flow, jonas: Account) -> None:
    bank.reference = bank.push(**proven(bank))[2]["request_uri"]
    first, again = bank.interaction(), bank.interaction()
    assert first
    assert bank.finish(again, bank.log_in(jonas, None))[0] == 200


def test_fapi2_par_attempt_to_use_expired_request_uri(bank: Flow) -> None:
    bank.reference = bank.push(**proven(bank))[2]["request_uri"]
    bank.world.later(60)
    assert bank.authorize()[0] == 400


def test_fapi2_par_attempt_to_use_request_uri_for_different_client(bank: Flow, flow: Flow) -> None:
    flow.reference = bank.push(**proven(bank))[2]["request_uri"]
    assert flow.authorize()[0] == 400


def test_fapi2_par_authorization_request_containing_request_uri_form_param(bank: Flow) -> None:
    request_uri = bank.push(**proven(bank))[2]["request_uri"]
    status, _, told = bank.push(**proven(bank), request_uri=request_uri)
    assert (status, told["error"]) == (400, "request_uri_not_supported")


def test_fapi2_incorrect_pkce_code_verifier_rejected(bank: Flow, jonas: Account) -> None:
    code = bank.answered(jonas, None)["code"]
    assert bank.token(code, **proven(bank), code_verifier="v" * 43)[2]["error"] == "invalid_grant"
    assert bank.token(code, **proven(bank))[0] == 200


def test_fapi2_ensure_mismatched_client_id_in_token_endpoint_request_fails(bank: Flow, jonas: Account) -> None:
    code = bank.answered(jonas, None)["code"]
    assert bank.token(code, **proven(bank), client_id=SHOP)[2]["error"] == "invalid_client"


def test_fapi2_attempt_to_use_expired_auth_code(bank: Flow, jonas: Account) -> None:
    code = bank.answered(jonas, None)["code"]
    bank.world.later(60)
    assert bank.token(code, **proven(bank))[2]["error"] == "invalid_grant"


@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP"])
def test_fapi2_access_token_type_header_case_sensitivity(world: World, flow: Flow, jonas: Account, scheme: str) -> None:
    told = flow.token(flow.answered(jonas, None)["code"], headers={**basic(), **dpop(world, KEY)})[2]
    token = told["access_token"]
    proof = dpop(world, KEY, "GET", "/oauth2/userinfo", token=token)
    assert world.http("GET", "/oauth2/userinfo", headers={"authorization": f"{scheme} {token}", **proof})[0] == 200


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(-10, 201), (10, 201), (-31, 400), (31, 400)],
    ids=[
        f"{FAPI2}ensure-dpop-proof-with-iat-10seconds-before-succeeds",
        f"{FAPI2}ensure-dpop-proof-with-iat-10seconds-after-succeeds",
        f"{FAPI2}dpop-negative-tests too old",
        f"{FAPI2}dpop-negative-tests too far ahead",
    ],
)
def test_the_time_of_a_dpop_proof_at_the_par_endpoint(world: World, flow: Flow, seconds: int, status: int) -> None:
    proof = dpop(world, KEY, path="/oauth2/par", iat=world.now + seconds)
    assert flow.push(headers={**basic(), **proof})[0] == status


def test_fapi2_check_dpop_proof_nbf_exp(world: World, flow: Flow) -> None:
    proof = dpop(world, KEY, path="/oauth2/par", nbf=world.now, exp=world.now + 60)
    assert flow.push(headers={**basic(), **proof})[0] == 201


@pytest.mark.parametrize(
    "how", ["ensure-dpop-auth-code-binding-success", "ensure-dpop-proof-at-par-endpoint-binding-success"]
)
def test_fapi2_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt(
    world: World, flow: Flow, jonas: Account, how: str
) -> None:
    if how.startswith("ensure-dpop-auth"):
        flow.changes = {"dpop_jkt": KEY.thumbprint}
        flow.push_and_refer()
    else:
        flow.reference = flow.push(headers={**basic(), **dpop(world, KEY, path="/oauth2/par")})[2]["request_uri"]
    code = flow.answered(jonas, None)["code"]
    assert flow.token(code, headers={**basic(), **dpop(world, OTHER)})[2]["error"] == "invalid_grant"
    assert flow.token(code)[2]["error"] == "invalid_grant"
    assert flow.token(code, headers={**basic(), **dpop(world, KEY)})[2]["token_type"] == "DPoP"


def test_fapi2_ensure_par_fails_with_mismatched_dpop_jkt(world: World, flow: Flow) -> None:
    proof = dpop(world, KEY, path="/oauth2/par")
    status, _, told = flow.push(headers={**basic(), **proof}, dpop_jkt=OTHER.thumbprint)
    assert (status, told["error"]) == (400, "invalid_dpop_proof")


def test_fapi2_ensure_holder_of_key_required(world: World, flow: Flow, jonas: Account) -> None:
    token = flow.token(flow.answered(jonas, None)["code"], headers={**basic(), **dpop(world, KEY)})[2]["access_token"]
    assert flow.userinfo(token)[0] == 401
    assert flow.userinfo(token, dpop(world, OTHER, "GET", "/oauth2/userinfo", token=token))[0] == 401
