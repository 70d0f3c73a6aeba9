"""Spoiled requests of OpenID Connect: none is a fault, and none gives a code, a token or a redirect elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

from tests.fuzz.oddities import seeded
from tests.support.ciba_flow import BACKEND, BACKEND_SECRET, GRANT, PINGED, PINGED_SECRET, add_back_ends
from tests.support.oidc_flow import (
    BANK,
    BANK_KEY,
    BANK_URI,
    FORM,
    SESSION_COOKIE,
    SHOP,
    SHOP_BYE,
    SHOP_URI,
    Flow,
    add_clients,
    assertion,
    basic,
    dpop,
)
from tests.support.world import URL, World

if TYPE_CHECKING:
    from random import Random

INPUTS = int(os.environ.get("FUZZ_INPUTS", "1000"))
CHUNK = 250
ODD = [
    "",
    " ",
    "\x00",
    "%00",
    "ä",
    "\ud7ff",
    "💥",
    "a" * 5000,
    "../..",
    "null",
    "[]",
    "{}",
    "-1",
    "1e999",
    "\r\nX: y",
    '"',
    "<b>",
]
ASSERTED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CODE = {"grant_type": "authorization_code", "code": "a.b.c", "redirect_uri": SHOP_URI, "code_verifier": "v" * 43}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "a.b.1.c", "scope": "openid"}
# What is answered well though it gives nobody anything: a request that was left, and a token that opens nothing.
# A page ends a session that is none, and a request that waits for a phone rings nobody's: nobody has an account here.
WELL = {"/oauth2/par": 201, "/oauth2/revoke": 200, "/oauth2/logout": 200, "/oauth2/bc-authorize": 200}
OWN_PAGES = (f"{URL}/financeapp/#", f"{URL}/oauth2/logout?")
METHODS = {
    "/oauth2/authorize": ["GET", "POST"],
    "/oauth2/token": ["POST"],
    "/oauth2/par": ["POST"],
    "/oauth2/revoke": ["POST"],
    "/oauth2/userinfo": ["GET", "POST"],
    "/oauth2/interaction": ["GET", "POST"],
    "/oauth2/logout": ["GET", "POST"],
    "/oauth2/bc-authorize": ["POST"],
    "/oauth2/enrolment-codes": ["POST"],
}
BY_BACK_END = {
    "/oauth2/bc-authorize": {
        "scope": "openid",
        "user_ip_address": "203.0.113.7",
        "user_agent": "Firefox",
        "binding_message": "4711",
        "requested_expiry": "60",
        "client_notification_token": "n" * 22,
    },
    "/oauth2/enrolment-codes": {"spelling": "qr"},
}
POLL = {"grant_type": GRANT, "auth_req_id": "a" * 43}
LOGOUT = {"id_token_hint": "e30.e30.AA", "client_id": SHOP, "post_logout_redirect_uri": SHOP_BYE, "state": "x"}
BY_BROWSER = {
    "/oauth2/interaction": (
        {"interaction": "e30.AA", "login_id": "a.b"},
        {"cookie": "a=b", "authorization": "Bearer x"},
    ),
    "/oauth2/logout": (LOGOUT, {"cookie": f"{SESSION_COOKIE}=a.b.{'c' * 43}"}),
}


def drawn(random: Random) -> str:
    """A text that nobody sends."""
    return random.choice([*ODD, "".join(chr(random.choice([*range(1, 128), 0xFF, 0x20AC])) for _ in range(9))])


def right(path: str, world: World, random: Random) -> tuple[dict[str, str], dict[str, str]]:
    """A request that would be right but for its code: its parameters and its headers."""
    if path == "/oauth2/authorize":
        return Flow(world).parameters(), {}
    if path in BY_BROWSER:
        return BY_BROWSER[path]
    headers = proof(world, path, random)
    if path in BY_BACK_END:
        asked = {**BY_BACK_END[path], "login_hint": f"K-{random.randrange(1000)}"}
        return asked, random.choice([basic(BACKEND, BACKEND_SECRET), basic(PINGED, PINGED_SECRET)])
    if path == "/oauth2/userinfo":
        return {"access_token": "a.b.c"}, {"authorization": "DPoP a.b.c", **headers}
    by_secret = random.random() < 0.5
    asked = {
        "/oauth2/par": (Flow(world) if by_secret else Flow(world, BANK, BANK_URI)).parameters(),
        "/oauth2/revoke": {"token": f"a.b.{random.randrange(3)}.c", "token_type_hint": "refresh_token"},
        "/oauth2/token": random.choice([CODE, REFRESH, POLL]),
    }[path]
    if by_secret:
        return asked, {**basic(), **headers}
    shown = {"client_id": BANK, "client_assertion_type": ASSERTED, "client_assertion": assertion(world)}
    return {**asked, **shown}, headers


def proof(world: World, path: str, random: Random) -> dict[str, str]:
    """A proof of a key, in half of the requests, with an odd claim in some."""
    if random.random() < 0.5:
        return {}
    odd: dict[str, Any] = {
        random.choice(["htm", "htu", "iat", "jti", "ath", "exp"]): random.choice([drawn(random), -1, None, [], {}])
    }
    return dpop(world, BANK_KEY, path=path, **(odd if random.random() < 0.5 else {}))


def spoiled(asked: dict[str, str], headers: dict[str, str], random: Random) -> tuple[bytes, dict[str, str]]:
    """One parameter or header is odd, gone, twice, or the whole is no form."""
    name = random.choice(sorted(asked))
    kind = random.choice(["odd", "gone", "twice", "bytes", "raw", "header", "more", "cut"])
    if kind == "odd":
        asked = {**asked, name: drawn(random)}
    elif kind == "gone":
        asked = {key: value for key, value in asked.items() if key != name}
    elif kind == "more":
        asked = {**asked, random.choice(["claims", "request", "id_token_hint", "resource", "dpop_jkt"]): drawn(random)}
    sent = urlencode(asked).encode()
    if kind == "twice":
        sent += f"&{name}={quote(drawn(random))}".encode()
    elif kind == "bytes":
        sent += b"&x=%ff%fe"
    elif kind == "raw":
        sent = drawn(random).encode()
    elif kind == "cut":
        sent = sent[: random.randrange(len(sent))]
    elif kind == "header":
        odd = "".join(sign for sign in drawn(random) if sign.isprintable()).encode("ascii", "replace").decode()
        headers = {
            **headers,
            random.choice(["authorization", "cookie", "content-type", "accept-language", "dpop"]): odd,
        }
    return sent, headers


@pytest.mark.parametrize("chunk", range(max(1, INPUTS // CHUNK)))
def test_no_spoiled_request_is_a_fault_or_gives_anything(world: World, chunk: int) -> None:
    world.stop_the_clock()
    add_clients(world)
    add_back_ends(world, pending=5, per_hour=1_000_000, issues_enrolment_codes=True)
    uris = {SHOP: SHOP_URI, BANK: BANK_URI}
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        random = seeded(f"oauth {number}")
        path = random.choice(sorted(METHODS))
        method = random.choice(METHODS[path])
        sent, headers = spoiled(*right(path, world, random), random)
        status, answered, told = send(world, method, path, sent, headers)
        said = f"{number}: {method} {path} {sent!r} {headers} -> {status} {told}"
        assert status < 500, said
        location = answered.get("Location", "")
        assert not location or location.startswith((*OWN_PAGES, *uris.values())), said
        assert status in {303, WELL.get(path)} or status >= 400, said
        assert "code=" not in location, said
        assert "access_token" not in (told or ()), said


def send(world: World, method: str, path: str, sent: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], Any]:
    """Send it as a query or as a body."""
    if method == "GET":
        handler, event = world.event("GET", path, headers=headers)
        event["rawQueryString"] = sent.decode("latin-1")
        event["queryStringParameters"] = {"interaction": sent.decode("latin-1")}
        return world.invoke(handler, event)
    kind = {"content-type": "application/json"} if path == "/oauth2/interaction" else FORM
    return world.http("POST", path, sent, headers={**kind, **headers})
