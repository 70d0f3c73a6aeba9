"""The server of the rehearsal's client: what it asks the token endpoint, and how it proves who it is (RFC 7523)."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

from labs.rehearsal.stack_template import http_url
from smartident_cli.story.play import Differs
from smartident_client.keys import Key
from smartident_client.proof import compact_jws
from smartident_laptop.demo.accounts import DemoClient

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from labs.rehearsal.stand_in import StandIn
    from smartident_laptop.demo.accounts import DemoAccount

REDIRECT_URI = "https://bank.example/callback"
LOGGED_OUT_URI = "https://bank.example/bye"
PINGS, LOGOUTS = "/ping", "/logout"
KEY = Key.make("P-256")


def bank(page: str, stand_in: StandIn, customers: Sequence[DemoAccount]) -> DemoClient:
    """A client with a key of its own, whose people log in at this page, and which asks their phones by itself."""
    jwks, outside = json.dumps({"keys": [{**KEY.public_jwk(), "kid": "one"}]}), stand_in.receiver.url
    return DemoClient(
        "bank",
        "Bank",
        (page,),
        (REDIRECT_URI,),
        auth_method="private_key_jwt",
        jwks=jwks,
        post_logout_redirect_uris=(LOGGED_OUT_URI,),
        backchannel_logout_uri=outside + LOGOUTS,
        backchannel=json.dumps(
            {"delivery": "ping", "notification_endpoint": outside + PINGS, "issues_enrolment_codes": True}
        ),
        external_ids=tuple((one.number, f"K-{one.number}") for one in customers),
    )


def sent(web: httpx.Client, path: str, **parameters: str) -> dict[str, Any]:
    """What the service answers to the client's server; raises Differs for a refusal."""
    issuer = str(web.base_url).rstrip("/")
    return told(web.post(path, data={**parameters, **_assertion(issuer)}))


def refusal(web: httpx.Client, path: str, **parameters: str) -> str:
    """The error with which the service refuses what the client's server asks; empty if it does not."""
    answer = web.post(path, data={**parameters, **_assertion(str(web.base_url).rstrip("/"))})
    return "" if answer.is_success else str(answer.json().get("error", answer.status_code))


def told(answer: httpx.Response) -> dict[str, Any]:
    """What an answer says; raises Differs for a refusal."""
    if not answer.is_success:
        where = f"{answer.request.method} {answer.request.url.path}"
        raise Differs(f"{where} answers {answer.status_code} {answer.text[:200]}")
    found: dict[str, Any] = answer.json()
    return found


def issuer_of(stand_in: StandIn) -> str:
    """Where the client's server finds the provider."""
    return http_url(stand_in.url)


def _assertion(issuer: str) -> dict[str, str]:
    now = int(time.time())
    claims = {"iss": "bank", "sub": "bank", "aud": issuer, "jti": secrets.token_urlsafe(8), "iat": now, "exp": now + 60}
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": compact_jws({"alg": "ES256", "kid": "one"}, json.dumps(claims).encode(), KEY),
    }
