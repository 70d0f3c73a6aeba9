"""The end of step 8: an approved login becomes one session."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from complete.step import finish_login
from smartident.approvals.decide import Deny
from smartident.errors import (
    LoginDecided,
    LoginDenied,
    LoginExpired,
    LoginNotFound,
    LoginPending,
    SigningUnavailable,
)
from smartident.logins.start import StartedLogin
from smartident.tokens.jwks import read_jwks
from tests.support.world import ORIGIN, URL, Phone, World


def claims_in(token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(read_jwks()[0])  # type: ignore[arg-type]  # JSON is what it takes
    return jwt.decode(token, keys, algorithms=["ES256"]).claims


@pytest.fixture
def approved(world: World, phone: Phone, started: StartedLogin) -> StartedLogin:
    world.later(10)
    world.approve(phone, started)
    return started


def test_a_session_says_who_for_whom_when_and_how(world: World, phone: Phone, approved: StartedLogin) -> None:
    world.later(5)
    session = world.complete(approved)
    assert session.pop("trusted_browser")
    claims = claims_in(session.pop("id_token"))
    assert session == {"token_type": "Bearer", "expires_at": world.now + 300, "redirect_to": f"{ORIGIN}/signed-in"}
    assert len(claims.pop("jti")) == 43
    assert claims == {
        "iss": URL,
        "sub": phone.account_id,
        "aud": "financeapp",
        "iat": world.now,
        "exp": world.now + 300,
        "auth_time": world.now - 5,
        "amr": ["pwd", "pop", "user", "mfa"],
        "acr": "urn:smartident:acr:approved-by-phone",
        "sid": approved.login.id,
    }


def test_a_session_by_password_alone_says_so(world: World) -> None:
    started = world.start(world.account(two_factor=False))
    world.later(3)
    claims = claims_in(world.complete(started)["id_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd"], "urn:smartident:acr:password")
    assert claims["auth_time"] == world.now - 3


def test_a_lost_answer_is_given_again_for_thirty_seconds(world: World, approved: StartedLogin) -> None:
    first = world.complete(approved)
    world.later(29)
    again = world.complete(approved)
    assert claims_in(again["id_token"]) == claims_in(first["id_token"])
    assert {**again, "id_token": ""} == {**first, "id_token": ""}
    world.later(1)
    with pytest.raises(LoginExpired):
        world.complete(approved)


def test_two_logins_are_two_sessions(world: World) -> None:
    jonas = world.account(two_factor=False)
    one, other = (claims_in(world.complete(world.start(jonas))["id_token"]) for _ in range(2))
    assert not {one["jti"], one["sid"]} & {other["jti"], other["sid"]}


def test_a_login_outrun_by_its_own_repeat_gives_the_same_session(world: World, approved: StartedLogin) -> None:
    sessions: list[dict[str, Any]] = []
    world.aws.before("UpdateItem", lambda: sessions.append(world.complete(approved)))
    sessions.append(world.complete(approved))
    one, other = (claims_in(session["id_token"]) for session in sessions)
    assert one == other


@pytest.mark.parametrize("secret", ["x", "ticket"], ids=["a guess", "the ticket"])
def test_an_approval_is_completed_by_its_own_page_only(world: World, approved: StartedLogin, secret: str) -> None:
    token = approved.ticket.rpartition(".")[2] if secret == "ticket" else secret
    with pytest.raises(LoginNotFound):
        finish_login(approved.login.id, token, issuer=URL, now=world.now)
    assert world.complete(approved)["token_type"] == "Bearer"


def test_a_decision_still_open_is_no_session(world: World, started: StartedLogin) -> None:
    with pytest.raises(LoginPending):
        world.complete(started)


def test_a_wait_too_long_is_no_session(world: World, started: StartedLogin) -> None:
    world.later(180)
    with pytest.raises(LoginExpired):
        world.complete(started)


def test_an_approval_is_to_be_completed_within_a_minute(world: World, approved: StartedLogin) -> None:
    world.later(60)
    with pytest.raises(LoginExpired):
        world.complete(approved)


def test_an_approval_at_the_last_second_still_has_its_minute(world: World, phone: Phone, started: StartedLogin) -> None:
    world.later(179)
    world.approve(phone, started)
    world.later(59)
    assert world.complete(started)["token_type"] == "Bearer"


@pytest.mark.parametrize("reason", ["not_me", "changed_my_mind"])
@pytest.mark.parametrize("late", [False, True], ids=["before approving", "after approving"])
def test_a_denial_wins_until_the_session_stands(
    world: World, phone: Phone, started: StartedLogin, reason: Any, *, late: bool
) -> None:
    if late:
        world.approve(phone, started)
    world.decide(phone, started.login.id, Deny(reason))
    with pytest.raises(LoginDenied):
        world.complete(started)


def test_a_denial_comes_too_late_for_a_session_that_stands(world: World, phone: Phone, approved: StartedLogin) -> None:
    world.complete(approved)
    with pytest.raises(LoginDecided):
        world.decide(phone, approved.login.id, Deny("not_me"))


def test_a_phone_revoked_before_the_session_stands_takes_its_approval_along(
    world: World, phone: Phone, approved: StartedLogin
) -> None:
    world.revoke(phone, phone.key.thumbprint)
    with pytest.raises(LoginDenied):
        world.complete(approved)


@pytest.mark.parametrize("fault", ["KMSInternalException", "ThrottlingException", "DisabledException"])
def test_a_refusing_kms_loses_nothing_and_asking_again_works(world: World, approved: StartedLogin, fault: str) -> None:
    world.aws.fails("Sign", fault)
    with pytest.raises(SigningUnavailable) as refused:
        world.complete(approved)
    assert refused.value.details == {"retry_after": 1}
    asked = world.now
    world.later(20)
    world.aws.mends()
    assert claims_in(world.complete(approved)["id_token"])["iat"] == asked


def test_a_kms_that_cannot_be_reached_refuses_as_one_that_fails(world: World, approved: StartedLogin) -> None:
    world.aws.vanishes("Sign")
    with pytest.raises(SigningUnavailable):
        world.complete(approved)


@pytest.mark.parametrize(
    ("api_url", "issuer"),
    [("https://login.example.test", "https://login.example.test"), ("", "https://api.example.test")],
    ids=["as the operator names it", "as API Gateway names it"],
)
def test_the_issuer_is_the_address_people_ask(world: World, api_url: str, issuer: str) -> None:
    world.set(API_URL=api_url)
    world.stop_the_clock()
    started = world.start(world.account(two_factor=False))
    headers = {"authorization": f"Bearer {started.token}"}
    status, answered, body = world.http("POST", f"/v1/logins/{started.login.id}/complete", headers=headers)
    assert (status, answered["Cache-Control"]) == (200, "no-store")
    assert claims_in(body["id_token"])["iss"] == issuer
