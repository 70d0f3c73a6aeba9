"""A canary in each parameter of each route of OAuth: whatever is wrong with a request, no log line repeats it.

Nor does an answer, but for what OAuth has come back: `state`, and on the page that asks whether to log out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from tests.promises.test_secrets import logged
from tests.support.ciba_flow import BACKEND, BACKEND_SECRET, CUSTOMER, GRANT, add_back_ends
from tests.support.oidc_flow import (
    ASSERTED,
    BANK,
    BANK_KEY,
    FORM,
    SHOP,
    SHOP_BYE,
    SHOP_URI,
    Flow,
    assertion,
    basic,
    dpop,
)
from tests.support.world import HOME

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

CANARY = "Kanarienvogel7"
CODE = {"grant_type": "authorization_code", "code": "a.b.c", "redirect_uri": SHOP_URI, "code_verifier": "v" * 43}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "a.b.1.c", "scope": "openid"}
POLL = {"grant_type": GRANT, "auth_req_id": "a" * 43}
ASK = {"scope": "openid", "login_hint": CUSTOMER, "user_ip_address": HOME, "binding_message": "b", "user_agent": "u"}
LOGOUT = {"id_token_hint": "a.b.c", "client_id": SHOP, "post_logout_redirect_uri": SHOP_BYE, "state": "s"}
ASSERTION = {**ASSERTED, "client_assertion": "a.b.c", "client_id": BANK}
REQUESTS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "code": ("/oauth2/token", CODE, basic()),
    "code by assertion": ("/oauth2/token", {**CODE, **ASSERTION}, {}),
    "code by a secret in the form": ("/oauth2/token", {**CODE, "client_id": SHOP, "client_secret": "x"}, {}),
    "refresh": ("/oauth2/token", REFRESH, basic()),
    "poll": ("/oauth2/token", POLL, basic(BACKEND, BACKEND_SECRET)),
    "ask": ("/oauth2/bc-authorize", ASK, basic(BACKEND, BACKEND_SECRET)),
    "code for a phone": ("/oauth2/enrolment-codes", {"login_hint": CUSTOMER}, basic(BACKEND, BACKEND_SECRET)),
    "revoke": ("/oauth2/revoke", {"token": "a.b.c", "token_type_hint": "access_token"}, basic()),
    "log out": ("/oauth2/logout", LOGOUT, {"cookie": "__Host-smartident-session=a.b.c"}),
    "authorize": ("/oauth2/authorize", {}, {}),
    "push": ("/oauth2/par", {}, basic()),
}


@pytest.fixture(autouse=True)
def back_ends(world: World, anna: Account) -> None:
    add_back_ends(world, anna, pending=5, issues_enrolment_codes=True)


def spoiled(asked: dict[str, str]) -> list[tuple[bytes, str]]:
    """The request with the canary in each parameter in turn, beside it, and as a name; what comes back of each."""
    more = dict.fromkeys(("claims", "request", "request_uri", "resource", "client_secret", "dpop_jkt", CANARY), "")
    found = [(urlencode({**asked, name: CANARY}).encode(), name) for name in {**more, **asked}]
    twice = [(urlencode([*asked.items(), (name, CANARY)]).encode(), "") for name in asked]
    return [*found, *twice, (CANARY.encode(), ""), (f"x=%ff&{CANARY}".encode(), "")]


@pytest.mark.parametrize("name", REQUESTS)
def test_no_error_of_oauth_is_logged_with_what_was_sent(world: World, name: str) -> None:
    path, asked, headers = REQUESTS[name]
    asked = asked or {**Flow(world).parameters(), "prompt": "none", "id_token_hint": "a.b.c", "login_hint": "x"}
    for body, where in spoiled(asked):
        with logged() as lines:
            answer = world.http("POST", path, body, headers={**FORM, **headers})
        assert answer[0] < 500
        assert CANARY not in lines.getvalue(), where
        assert where == "state" or path == "/oauth2/logout" or CANARY not in repr(answer), where


@pytest.mark.parametrize("shown", ["authorization", "dpop", "cookie"])
def test_what_is_shown_in_a_header_is_not_logged(world: World, shown: str) -> None:
    proofs: dict[str, list[str]] = {
        "authorization": [
            f"Bearer {CANARY}",
            f"DPoP {CANARY}",
            f"Basic {CANARY}",
            basic(SHOP, CANARY)["authorization"],
        ],
        "dpop": [
            CANARY,
            *(dpop(world, BANK_KEY, **dict[str, Any]({one: CANARY}))["dpop"] for one in ("htm", "htu", "jti", "ath")),
        ],
        "cookie": [f"__Host-smartident-session=a.b.{CANARY}", f"__Host-smartident-interaction={CANARY}"],
    }
    for text in proofs[shown]:
        for path, asked, headers in REQUESTS.values():
            with logged() as lines:
                answer = world.http("POST", path, urlencode(asked).encode(), headers={**FORM, **headers, shown: text})
            assert CANARY not in lines.getvalue() + repr(answer)
        for path in ("/oauth2/userinfo", "/oauth2/logout", "/oauth2/authorize"):
            with logged() as lines:
                answer = world.http("GET", path, headers={shown: text})
            assert CANARY not in lines.getvalue() + repr(answer)


def test_a_clients_secret_and_its_assertion_are_not_logged(world: World) -> None:
    shown: dict[str, Any] = {"client_id": SHOP, "client_secret": CANARY}
    for named in (shown, {**ASSERTED, "client_assertion": assertion(world, aud=CANARY), "client_id": BANK}):
        for path in ("/oauth2/token", "/oauth2/par", "/oauth2/revoke", "/oauth2/bc-authorize"):
            with logged() as lines:
                answer = world.http("POST", path, urlencode({**CODE, **named}).encode(), headers=FORM)
            assert answer[0] in {400, 401}
            assert CANARY not in lines.getvalue() + repr(answer)
