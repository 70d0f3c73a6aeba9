"""A client of OpenID Connect at the rehearsal: a person signs in there, and its server gets tokens and claims."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from typing import TYPE_CHECKING, Any

import httpx

from labs.rehearsal.deployment import LIVE
from labs.rehearsal.stack_template import http_url
from smartident_cli.story.play import Differs, expect
from smartident_client import base64url
from smartident_client.keys import Key
from smartident_client.proof import compact_jws
from smartident_laptop.demo.accounts import DemoClient
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from labs.rehearsal.walker import Walker

REDIRECT_URI = "https://bank.example/callback"
KEY = Key.make("P-256")
SEE_OTHER, BAD_REQUEST = 303, 400


def bank(page: str) -> DemoClient:
    """A client with a key of its own, whose people log in at this page."""
    jwks = json.dumps({"keys": [{**KEY.public_jwk(), "kid": "one"}]})
    return DemoClient("bank", "Bank", (page,), (REDIRECT_URI,), auth_method="private_key_jwt", jwks=jwks)


def sign_in_at_client(walker: Walker) -> None:
    """The client's link, the login at the page with the phone, the code, the tokens, the claims."""
    verifier = secrets.token_urlsafe(32)
    with httpx.Client(base_url=http_url(walker.deployment.stand_in.url), timeout=30) as web:
        begun = web.get("/oauth2/authorize", params=_request(verifier))
        interaction = begun.headers.get("location", "").partition("#interaction=")[2]
        expect(begun.status_code == SEE_OTHER and bool(interaction), f"authorize answers {begun.status_code}")
        cookie = begun.headers["set-cookie"].partition(";")[0]
        shown = _interaction(walker, cookie, "get", queryStringParameters={"interaction": interaction})
        expect(shown["name"] == "Bank", "the page shows another client")
        login = walker.browser.start(walker.person.email, walker.person.password, client_id="bank")
        walker.phone.approve(walker.shown(login), login.transfer_code or "")
        body = json.dumps({"interaction": interaction, "login_id": login.login_id})
        finished = _interaction(walker, cookie, "post", login.login_token, body=body)
        where = httpx.URL(finished["redirect_to"])
        tokens = _told(web.post("/oauth2/token", data=_exchange(str(web.base_url), where.params["code"], verifier)))
        claims = _told(web.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}))
    expect(claims["sub"] == walker.account.account_id, "the client is told of somebody else")


def _interaction(walker: Walker, cookie: str, method: str, token: str | None = None, **changed: Any) -> dict[str, Any]:
    """What the page is told: the stand-in's HTTP API hands no cookies on, so Lambda's own API brings them."""
    deployment = walker.deployment
    text = (ROOT / "events" / f"{method}-oauth2-interaction.json").read_text(encoding="utf-8")
    event = {**json.loads(text), "cookies": [cookie], **changed}
    event["headers"] = {"content-type": "application/json", "authorization": f"Bearer {token or ''}"}
    function = deployment.resources[deployment.routes("HttpApi")[event["routeKey"]]]
    asked = {"FunctionName": function, "Qualifier": LIVE, "Payload": json.dumps(event).encode()}
    answer = json.load(deployment.stand_in.client("lambda").invoke(**asked)["Payload"])
    expect(answer["statusCode"] < BAD_REQUEST, f"{event['routeKey']} answers {answer['statusCode']} {answer['body']}")
    found: dict[str, Any] = json.loads(answer["body"])
    return found


def _request(verifier: str) -> dict[str, str]:
    challenge = base64url.encode(hashlib.sha256(verifier.encode()).digest())
    return {
        "client_id": "bank",
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": "openid profile",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def _exchange(issuer: str, code: str, verifier: str) -> dict[str, str]:
    now = int(time.time())
    claims = {"iss": "bank", "sub": "bank", "aud": issuer.rstrip("/"), "jti": secrets.token_urlsafe(8)}
    assertion = compact_jws(
        {"alg": "ES256", "kid": "one"}, json.dumps({**claims, "iat": now, "exp": now + 60}).encode(), KEY
    )
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": verifier,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }


def _told(answer: httpx.Response) -> dict[str, Any]:
    """What an answer says; raises Differs for a refusal."""
    if not answer.is_success:
        raise Differs(
            f"{answer.request.method} {answer.request.url.path} answers {answer.status_code} {answer.text[:200]}"
        )
    found: dict[str, Any] = answer.json()
    return found
