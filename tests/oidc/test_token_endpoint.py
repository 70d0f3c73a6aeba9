"""What the token endpoint and userinfo decline, in OAuth's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.clients.changes import ClientNotFound, remove_client, rotate_secret
from smartident.clients.client_cache import forget_clients
from smartident.settings import settings
from smartident_client.keys import Key
from smartident_client.proof import compact_jws
from tests.support.oidc_flow import (
    ASSERTED,
    BANK,
    BANK_KEY,
    BANK_URI,
    FORM,
    OPERATOR,
    SHOP,
    SPA,
    Flow,
    assertion,
    basic,
)
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": None}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code": "nonsense"}, "invalid_grant"),
        ({"code": "a.b.c"}, "invalid_grant"),
    ],
    ids=str,
)
def test_a_faulty_request_gets_an_error_of_its_kind(flow: Flow, changes: dict[str, str | None], error: str) -> None:
    status, _, told = flow.token("a.b", **changes)
    assert (status, told["error"]) == (400, error)


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_compressed_form_is_refused_in_words_that_say_what_to_leave_out(flow: Flow, coding: str) -> None:
    status, _, told = flow.token("a.b", headers={**basic(), "content-encoding": coding})
    assert (status, told["error"]) == (400, "invalid_request")
    assert "Content-Encoding" in told["error_description"]


@pytest.mark.parametrize(
    "headers",
    [
        basic(secret="wrong"),
        basic("nobody"),
        basic("financeapp"),
        basic(BANK),
        basic(SPA, "anything"),
        {"authorization": "Basic no-base64!"},
        {"authorization": "Basic bm8gY29sb24="},
        {"authorization": "Bearer the-secret-of-the-shop"},
        {},
    ],
    ids=str,
)
def test_who_does_not_prove_to_be_the_client_is_told_how(flow: Flow, headers: dict[str, str]) -> None:
    status, answered, told = flow.token("a.b", headers=headers)
    assert (status, told["error"], answered["WWW-Authenticate"]) == (401, "invalid_client", 'Basic realm="smartident"')


def test_a_client_authenticates_in_one_way_and_not_in_two(world: World, flow: Flow) -> None:
    assert flow.token("a.b", client_secret="the-secret-of-the-shop")[2]["error"] == "invalid_request"
    assert flow.token("a.b", client_id=BANK)[2]["error"] == "invalid_client"
    assert flow.token("a.b", client_id=SHOP)[2]["error"] == "invalid_grant"
    told = flow.token("a.b", headers={}, client_id=SHOP, **ASSERTED, client_assertion=assertion(world))[2]
    assert told["error"] == "invalid_client"


def test_a_secret_with_a_blank_is_form_encoded_first(world: World, flow: Flow) -> None:
    """RFC 6749 2.3.1: the values of the header are form-encoded."""
    assert flow.token("a.b", headers=basic("sh%6Fp"))[2]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "header"),
    [
        ({"aud": "https://other.example.test"}, {}),
        ({"aud": [URL]}, {}),
        ({"aud": f"{URL}/oauth2/token"}, {}),
        ({"aud": None}, {}),
        ({"sub": SHOP}, {}),
        ({"iss": SHOP}, {}),
        ({"iss": None}, {}),
        ({"exp": None}, {}),
        ({"exp": "soon"}, {}),
        ({"exp": True}, {}),
        ({"exp": 1}, {}),
        ({"exp": 9_999_999_999}, {}),
        ({"iat": 9_999_999_999}, {}),
        ({"nbf": 9_999_999_999}, {}),
        ({"jti": None}, {}),
        ({"jti": ""}, {}),
        ({"jti": "j" * 256}, {}),
        ({}, {"typ": "dpop+jwt"}),
        ({}, {"kid": "two"}),
        ({}, {"crit": ["exp"]}),
        ({}, {"alg": "none"}),
        ({}, {"alg": "HS256"}),
    ],
    ids=str,
)
def test_an_assertion_for_somebody_else_or_of_another_time_proves_nothing(
    world: World, changes: dict[str, Any], header: dict[str, Any]
) -> None:
    flow = Flow(world, BANK, BANK_URI)
    signed = assertion(world, header=header, **changes)
    told = flow.token("a.b", headers={}, client_id=BANK, **ASSERTED, client_assertion=signed)
    assert (told[0], told[2]["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("signed", ["", "x", "a.b.c", "e30.W10.AA", "e30.e30.AA"], ids=repr)
def test_an_assertion_that_is_no_jwt_proves_nothing(world: World, signed: str) -> None:
    flow = Flow(world, BANK, BANK_URI)
    for named in ({}, {"client_id": BANK}):
        told = flow.token("a.b", headers={}, **named, **ASSERTED, client_assertion=signed)
        assert (told[0], told[2]["error"]) == (401, "invalid_client")
    told = flow.token("a.b", headers={}, client_assertion_type="other", client_assertion=assertion(world))
    assert told[2]["error"] == "invalid_client"


@pytest.mark.parametrize("payload", [b"no JSON", b"[]", b"1"], ids=repr)
def test_an_assertion_whose_payload_is_no_claims_proves_nothing(world: World, payload: bytes) -> None:
    flow = Flow(world, BANK, BANK_URI)
    signed = compact_jws({"alg": "ES256"}, payload, BANK_KEY)
    told = flow.token("a.b", headers={}, client_id=BANK, **ASSERTED, client_assertion=signed)
    assert (told[0], told[2]["error"]) == (401, "invalid_client")


def test_another_key_than_the_clients_proves_nothing_and_its_clock_may_be_a_little_ahead(world: World) -> None:
    flow = Flow(world, BANK, BANK_URI)
    stolen = assertion(world, key=Key.make("P-256"))
    assert flow.token("a.b", headers={}, **ASSERTED, client_assertion=stolen)[2]["error"] == "invalid_client"
    ahead = assertion(world, iat=world.now + 8, nbf=world.now + 8, header={"kid": None, "typ": "JWT"})
    assert flow.token("a.b", headers={}, **ASSERTED, client_assertion=ahead)[2]["error"] == "invalid_client"
    plain = assertion(world, iat=world.now + 8, nbf=world.now + 8, header={"typ": "JWT"})
    assert flow.token("a.b", headers={}, **ASSERTED, client_assertion=plain)[2]["error"] == "invalid_grant"


def test_a_rotated_secret_ends_the_one_before(world: World, flow: Flow) -> None:
    _, secret = rotate_secret(SHOP, by=OPERATOR, now=world.now)
    forget_clients()
    assert flow.token("a.b")[2]["error"] == "invalid_client"
    assert flow.token("a.b", headers=basic(secret=secret))[2]["error"] == "invalid_grant"
    remove_client(SHOP, by=OPERATOR, now=world.now)
    for other in (BANK, SHOP, "nobody"):
        with pytest.raises(ClientNotFound):
            rotate_secret(other, by=OPERATOR, now=world.now)


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer"}, basic()],
    ids=str,
)
def test_userinfo_without_an_access_token_says_how_one_is_shown(world: World, headers: dict[str, str]) -> None:
    """And no error beside it (RFC 6750 3.1)."""
    for method in ("GET", "POST"):
        status, answered, told = world.http(method, "/oauth2/userinfo", headers=headers)
        assert (status, told["error"]) == (401, "invalid_token")
        assert answered["WWW-Authenticate"] == 'Bearer, DPoP algs="ES256 EdDSA"'


@pytest.mark.parametrize("token", ["a.b.c", "x"])
def test_userinfo_wants_an_access_token(world: World, token: str) -> None:
    status, answered, told = world.http("GET", "/oauth2/userinfo", headers={"authorization": f"Bearer {token}"})
    assert (status, told["error"]) == (401, "invalid_token")
    assert answered["WWW-Authenticate"].startswith('Bearer error="invalid_token"')


def test_a_parameter_that_comes_twice_is_refused_and_nothing_is_redeemed(
    world: World, flow: Flow, anna: Account, phone: Phone
) -> None:
    code = flow.answered(anna, phone)["code"]
    twice = f"grant_type=authorization_code&code={code}&code={code}".encode()
    status, headers, told = world.http("POST", "/oauth2/token", twice, headers={**FORM, **basic()})
    assert (status, told["error"], headers["Cache-Control"]) == (400, "invalid_request", "no-store")
    assert flow.token(code)[0] == 200


def test_an_access_token_is_over_after_five_minutes(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    told = flow.token(flow.answered(anna, phone)["code"])[2]
    world.later(299)
    assert flow.userinfo(told["access_token"])[0] == 200
    world.later(1)
    assert flow.userinfo(told["access_token"])[0] == 401


def test_a_kms_that_fails_uses_up_no_code(world: World, flow: Flow, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    world.aws.fails("Sign", "ThrottlingException")
    status, headers, told = flow.token(code)
    assert (status, headers["Retry-After"], told["error"]) == (503, "1", "temporarily_unavailable")
    world.aws.mends()
    assert flow.token(code)[0] == 200


def test_a_fault_of_ours_is_told_without_its_text(world: World, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PEPPER_SECRET_ARN")
    settings.cache_clear()
    status, _, told = world.http("POST", "/oauth2/token", b"grant_type=x&client_id=shop", headers=FORM)
    assert (status, told) == (500, {"error": "server_error", "error_description": "please try again"})
    assert flow.authorize()[0] == 500
