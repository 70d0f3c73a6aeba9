"""A client of OpenID Connect at the rehearsal: a person signs in there and out again, and its server hears of it."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

from labs.rehearsal.client_server import LOGGED_OUT_URI, LOGOUTS, REDIRECT_URI, issuer_of, sent, told
from labs.rehearsal.lambda_api import ask_by_cookie
from smartident_cli.story.play import expect
from smartident_client import base64url

if TYPE_CHECKING:
    from labs.rehearsal.walker import Walker

SEE_OTHER = 303
SESSION_COOKIE = "smartident-session="


def sign_in_at_client(walker: Walker) -> None:
    """The client's link, the login at the page with the phone, the code, the tokens, the claims."""
    verifier = secrets.token_urlsafe(32)
    with httpx.Client(base_url=issuer_of(walker.deployment.stand_in), timeout=30) as web:
        begun = web.get("/oauth2/authorize", params=_request(verifier))
        interaction = begun.headers.get("location", "").partition("#interaction=")[2]
        expect(begun.status_code == SEE_OTHER and bool(interaction), f"authorize answers {begun.status_code}")
        cookie = begun.headers["set-cookie"].partition(";")[0]
        tokens = sent(web, "/oauth2/token", **_exchange(_code(walker, cookie, interaction), verifier))
        claims = told(web.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}))
    expect(claims["sub"] == walker.account.account_id, "the client is told of somebody else")
    walker.id_token = tokens["id_token"]


def ask_quietly(walker: Walker) -> None:
    """A client that knows whom it wants gets a code at once: for its link, and for what it pushed before (PAR)."""
    asked = {**_request(secrets.token_urlsafe(32)), "id_token_hint": walker.id_token, "prompt": "none"}
    with httpx.Client(base_url=issuer_of(walker.deployment.stand_in), timeout=30) as web:
        pushed = sent(web, "/oauth2/par", **asked)["request_uri"]
    for query in (asked, {"client_id": asked["client_id"], "request_uri": pushed}):
        leads = _led_by_cookie(walker, "get-oauth2-authorize", query)
        expect("code" in httpx.URL(leads or "").params, f"who is signed in is led to {leads}")


def sign_out_at_client(walker: Walker) -> None:
    """The client ends the session of the sign-in before; the phone ends the next. The client's server hears of both."""
    query = {"id_token_hint": walker.id_token, "post_logout_redirect_uri": LOGGED_OUT_URI}
    leads = _led_by_cookie(walker, "get-oauth2-logout", query)
    expect(leads == LOGGED_OUT_URI, f"logout leads to {leads}")
    _hear_of_end(walker)
    sign_in_at_client(walker)
    walker.phone.as_device(walker.account, "DELETE", "/v1/sessions", answer=type(None))
    _hear_of_end(walker)


def _led_by_cookie(walker: Walker, name: str, query: dict[str, str]) -> str | None:
    """Where the browser is led that holds the session's cookie; raises Differs for a refusal."""
    parts = {"queryStringParameters": query, "rawQueryString": urlencode(query)}
    answer = ask_by_cookie(walker.deployment, name, walker.session_cookie, **parts)
    return {key.lower(): str(value) for key, value in answer["headers"].items()}.get("location")


def _hear_of_end(walker: Walker) -> None:
    """The client's server hears that the session of its last token ended; raises Differs."""
    sid = json.loads(base64url.decode(walker.id_token.split(".")[1]))["sid"]
    walker.deployment.stand_in.receiver.heard(LOGOUTS, walker.patience, lambda one: _sid(one.body) == sid)


def _sid(body: bytes) -> str:
    """The session that a logout token names."""
    found: str = json.loads(base64url.decode(body.decode().partition("=")[2].split(".")[1])).get("sid", "")
    return found


def _code(walker: Walker, cookie: str, interaction: str) -> str:
    """The code that the page gets for the client, once the phone approved; it also gets the session's cookie."""
    deployment, asked = walker.deployment, {"interaction": interaction}
    shown = ask_by_cookie(deployment, "get-oauth2-interaction", cookie, headers={}, queryStringParameters=asked)
    expect(json.loads(shown["body"])["name"] == "Bank", "the page shows another client")
    login = walker.browser.start(walker.person.email, walker.person.password, client_id="bank")
    walker.phone.approve(walker.shown(login), login.transfer_code or "")
    headers = {"content-type": "application/json", "authorization": f"Bearer {login.login_token}"}
    body = json.dumps({**asked, "login_id": login.login_id})
    finished = ask_by_cookie(deployment, "post-oauth2-interaction", cookie, headers=headers, body=body)
    walker.session_cookie = _kept(finished)
    return str(httpx.URL(json.loads(finished["body"])["redirect_to"]).params["code"])


def _kept(answer: dict[str, Any]) -> str:
    """The session's cookie as the browser sends it."""
    cookies = [one.partition(";")[0] for one in answer.get("cookies", ())]
    found = next((one for one in cookies if one.startswith(SESSION_COOKIE)), "")
    expect(bool(found), "the browser gets no session")
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


def _exchange(code: str, verifier: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": verifier,
    }
