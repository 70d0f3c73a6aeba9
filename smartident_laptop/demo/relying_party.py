"""The client of OpenID Connect behind the demo page, written as a program of somebody else would be."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from joserfc.jwt import JWTClaimsRegistry

from smartident_client import base64url
from smartident_laptop.demo.accounts import DEMO_PAGE_CLIENT, DEMO_SECRET, OnThisLaptop

if TYPE_CHECKING:
    from collections.abc import Mapping

LEEWAY = 60
MAX_VISITS = 1000
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Visit:
    """One browser at the demo page: the login that it began, and its session."""

    state: str = ""
    nonce: str = ""
    verifier: str = ""
    id_token: str = ""
    person: dict[str, Any] | None = None
    notice: str = ""


class RelyingParty:
    """Begins logins, takes their answers, ends sessions, and hears of those that end elsewhere."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.visits: dict[str, Visit] = {}

    def visit(self, cookie: str) -> tuple[str, Visit]:
        """What is known of a browser, by its cookie or by a new one."""
        if cookie not in self.visits:
            cookie = secrets.token_urlsafe(32)
            self.visits[cookie] = Visit()
            for oldest in list(self.visits)[:-MAX_VISITS]:
                del self.visits[oldest]
        return cookie, self.visits[cookie]

    def renew(self, cookie: str) -> str:
        """A new cookie for this browser's session: somebody else may have planted the one before the login."""
        after = secrets.token_urlsafe(32)
        self.visits[after] = self.visits.pop(cookie)
        return after

    def begin(self, visit: Visit, *, quietly: bool) -> str:
        """Where the browser goes to log in; quietly means without any page: with a session, or not at all."""
        visit.state, visit.nonce, visit.verifier = (secrets.token_urlsafe(32) for _ in range(3))
        visit.notice = ""
        asked = {
            "client_id": DEMO_PAGE_CLIENT,
            "redirect_uri": f"{self.url}/demo/callback",
            "response_type": "code",
            "scope": "openid profile",
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": base64url.encode(hashlib.sha256(visit.verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        return f"{self.url}/oauth2/authorize?{urlencode(asked | ({'prompt': 'none'} if quietly else {}))}"

    def finish(self, visit: Visit, answer: Mapping[str, str], *, port: int) -> None:
        """Take the answer to this browser's own login: a session begins, or the notice says why not."""
        state, visit.state = visit.state, ""
        if not state or (answer.get("state"), answer.get("iss")) != (state, self.url):
            visit.notice = "not_ours"
            return
        if "code" not in answer:
            visit.notice = answer.get("error", "not_ours")
            return
        try:
            with httpx.Client(transport=OnThisLaptop(port), base_url=self.url) as service:
                visit.id_token, visit.person = self._redeem(visit, answer["code"], service)
        except (httpx.HTTPError, JoseError, ValueError, KeyError):
            visit.notice = "failed"

    def leave(self, visit: Visit) -> str:
        """End the session here; where the browser goes, so that it ends at smartIDENT too."""
        hint, visit.id_token, visit.person, visit.notice = visit.id_token, "", None, "left"
        if not hint:
            return f"{self.url}/demo/"
        told = {"id_token_hint": hint, "post_logout_redirect_uri": f"{self.url}/demo/"}
        return f"{self.url}/oauth2/logout?{urlencode(told)}"

    def hear(self, logout_token: str, *, port: int) -> bool:
        """Back-channel logout: end the sessions that the token names; whether it was one for this client."""
        try:
            with httpx.Client(transport=OnThisLaptop(port), base_url=self.url) as service:
                claims = self._verified(logout_token, service, typ="logout+jwt")
        except (httpx.HTTPError, JoseError, ValueError, KeyError):
            return False
        if LOGOUT not in claims.get("events", {}) or "nonce" in claims or "sid" not in claims:
            return False
        for visit in list(self.visits.values()):
            if visit.person is not None and visit.person["sid"] == claims["sid"]:
                visit.id_token, visit.person, visit.notice = "", None, "ended_elsewhere"
        return True

    def _redeem(self, visit: Visit, code: str, service: httpx.Client) -> tuple[str, dict[str, Any]]:
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": visit.verifier}
        form["redirect_uri"] = f"{self.url}/demo/callback"
        answer = service.post("/oauth2/token", data=form, auth=(DEMO_PAGE_CLIENT, DEMO_SECRET)).raise_for_status()
        tokens: dict[str, str] = answer.json()
        claims = self._verified(tokens["id_token"], service, typ="JWT")
        if not secrets.compare_digest(str(claims.get("nonce", "")), visit.nonce):
            raise ValueError("nonce")
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        told: dict[str, Any] = service.get("/oauth2/userinfo", headers=bearer).raise_for_status().json()
        if told["sub"] != claims["sub"]:
            raise ValueError("sub")
        return tokens["id_token"], {**told, **{name: claims[name] for name in ("auth_time", "amr", "sid")}}

    def _verified(self, token: str, service: httpx.Client, *, typ: str) -> dict[str, Any]:
        keys = service.get("/.well-known/jwks.json").raise_for_status().json()["keys"]
        known = KeySet([ECKey.import_key(key) for key in keys if key["kty"] == "EC"])
        read = jwt.decode(token, known, algorithms=["ES256"])
        if read.header.get("typ") != typ:
            raise ValueError("typ")
        JWTClaimsRegistry(
            now=int(time.time()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.url},
            aud={"essential": True, "value": DEMO_PAGE_CLIENT},
            exp={"essential": True},
        ).validate(read.claims)
        return read.claims
