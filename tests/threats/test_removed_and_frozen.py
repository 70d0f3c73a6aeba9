"""Threats by a removed phone and against a frozen account: each route has a decision, a new one without it fails."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from smartident.devices.revoke import revoke
from smartident.freeze.freeze import freeze_account
from smartident.push.vapid import application_server_key
from smartident_client.push import PushSubscription
from smartident_client.recovery_codes import signed_recovery_codes
from smartident_laptop.template import ROOT, Template
from tests.support.push_service import ENDPOINT
from tests.support.world import PASSWORD, World

if TYPE_CHECKING:
    from tests.support.world import Phone

SIGNED = {"statement": "e30", "evidence": {}}

# What a phone's proof opens: a body of the right shape, and what the account's own phone hears while it is frozen.
PHONE: dict[str, tuple[Any, int, str | None]] = {
    "GET /v1/approvals": (None, 200, None),
    "POST /v1/approvals/{login_id}": ({"decision": "deny", "reason": "not_me"}, 404, "login_not_found"),
    "GET /v1/devices": (None, 200, None),
    "PATCH /v1/devices/{device_id}": ({"name": "Annas Tablet"}, 200, None),
    "DELETE /v1/devices/{device_id}": (None, 204, None),
    "POST /v1/devices/{device_id}/revoke": (SIGNED, 422, "approval_invalid"),
    "DELETE /v1/sessions": (None, 204, None),
    "GET /v1/events": (None, 200, None),
    "POST /v1/account/freeze": (None, 204, None),
    "POST /v1/account/open": (SIGNED, 422, "approval_invalid"),
    "GET /v1/recovery-codes": (None, 200, None),
    "POST /v1/recovery-codes": ("a signature", 403, "account_frozen"),
    "POST /v1/recovery-codes/{set_id}/confirm": ({"code": "0000-0000-0000-0000"}, 403, "account_frozen"),
    "GET /v1/devices/{device_id}/push": (None, 200, None),
    "PUT /v1/devices/{device_id}/push": ("a subscription", 204, None),
    "DELETE /v1/devices/{device_id}/push": (None, 204, None),
}
# What a password opens: a frozen account answers as for a wrong one.
PASSWORDS = {"POST /v1/keys", "POST /v1/logins"}
# What a registration, a login, a passkey, a session, a token or a client's key opens: who tests it.
OTHERWISE = {
    "freeze/test_freeze": {
        *("POST /v1/keys/{registration_id}/resend", "POST /v1/keys/{registration_id}/verify"),
        *("GET /v1/logins/{login_id}", "DELETE /v1/logins/{login_id}", "POST /v1/logins/{login_id}/complete"),
    },
    "freeze/test_by_notice": {"POST /v1/notices/freeze"},
    "passkeys/test_sign_in": {
        *("POST /v1/passkeys/options", "POST /v1/passkeys/login", "GET /v1/passkeys", "POST /v1/passkeys"),
        *("PATCH /v1/passkeys", "DELETE /v1/passkeys/{passkey_id}"),
    },
    "oidc/test_sessions": {
        *("GET /oauth2/authorize", "POST /oauth2/authorize", "GET /oauth2/interaction", "POST /oauth2/interaction"),
        *("GET /oauth2/logout", "POST /oauth2/logout", "POST /oauth2/par"),
    },
    "oidc/test_refresh": {
        *("POST /oauth2/token", "POST /oauth2/revoke", "GET /oauth2/userinfo", "POST /oauth2/userinfo"),
    },
    "ciba/test_limits": {"POST /oauth2/bc-authorize"},
    "ciba/test_first_phone": {"POST /oauth2/enrolment-codes"},
    # Of no account.
    "": {
        *("GET /.well-known/openid-configuration", "GET /.well-known/oauth-authorization-server"),
        *("GET /.well-known/jwks.json", "GET /.well-known/webauthn"),
    },
}


def ask(world: World, phone: Phone, route: str) -> tuple[int, Any]:
    """What the phone hears to a request of the right shape, about itself."""
    world.stop_the_clock()
    method, path = route.split(" ")
    path = path.format(device_id=phone.key.thumbprint, login_id="none", set_id="none")
    body = PHONE[route][0]
    if body == "a subscription":
        body = PushSubscription.make(ENDPOINT.format("anna")).ask(application_server_key())
    if body == "a signature":
        body = signed_recovery_codes(phone.approval, phone.account_id, now=world.now)
    content = b"" if body is None else json.dumps(body).encode()
    proof = phone.request(method, path, content, now=world.now).proof
    status, _, answer = world.http(method, path, content, headers={"dpop": proof})
    return status, answer


def test_every_route_has_a_decision() -> None:
    """What is tested elsewhere is tested there against a freeze: the file says so."""
    for file in filter(None, OTHERWISE):
        assert re.search("fr[eo]ze", (ROOT / f"tests/{file}.py").read_text(encoding="utf-8"))
    decided = [*PHONE, *PASSWORDS, *(route for routes in OTHERWISE.values() for route in routes)]
    assert sorted(decided) == sorted(route.key for route in Template().routes)


@pytest.mark.parametrize("route", PHONE)
def test_a_removed_phone_hears_so_by_every_route(world: World, route: str) -> None:
    anna = world.account()
    phone = world.phone(anna)
    revoke(anna.id, phone.key.thumbprint, by=None, now=world.now)
    status, answer = ask(world, phone, route)
    assert (status, answer["code"]) == (401, "device_revoked")


@pytest.mark.parametrize("route", PHONE)
def test_the_phone_of_a_frozen_account_sees_and_is_told_and_lets_nobody_in(world: World, route: str) -> None:
    anna = world.account()
    phone = world.phone(anna)
    freeze_account(anna.id, operator="petra", now=world.now)
    status, answer = ask(world, phone, route)
    code = answer.get("code") if isinstance(answer, dict) else None
    assert (status, code) == PHONE[route][1:]


@pytest.mark.parametrize("route", sorted(PASSWORDS))
def test_to_who_has_the_password_a_frozen_account_answers_as_for_a_wrong_one(world: World, route: str) -> None:
    anna, phone = world.account(), world.new_phone()
    freeze_account(anna.id, operator="petra", now=world.now)
    world.stop_the_clock()
    method, path = route.split(" ")
    told = []
    for password in (PASSWORD, "a wrong password"):
        body: dict[str, Any] = {"identifier": anna.number, "password": password}
        if path == "/v1/keys":
            body |= {"device_key": phone.key.public_jwk(), "device_name": "Annas Telefon", "platform": "ios"}
        content = json.dumps(body).encode()
        headers = {"dpop": phone.new_key_request(path, content, now=world.now).proof}
        status, _, answer = world.http(method, path, content, headers=headers)
        told.append((status, answer["code"], answer["title"]))
    assert told[0] == told[1]
    assert told[0][:2] == (401, "invalid_credentials")
