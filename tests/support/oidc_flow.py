"""A client of OpenID Connect at work: its requests, the person's browser between them, and its server's."""

from __future__ import annotations

import base64
import json
import re
import secrets
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from smartident.clients.changes import add_client
from smartident.clients.client import Client
from smartident.clients.client_secret import client_secret_mac
from smartident.crypto.random import digest
from smartident_client import base64url
from smartident_client.keys import Key
from smartident_client.proof import compact_jws
from tests.support.world import ORIGIN, PASSWORD, URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

SHOP, SHOP_URI, SHOP_SECRET = "shop", "https://shop.example.test/callback", "the-secret-of-the-shop"
SHOP_BYE, SHOP_HEARS = "https://shop.example.test/bye?from=us", "https://shop.example/backchannel"
SESSION_COOKIE = "__Host-smartident-session"
BANK, BANK_URI = "bank", "https://bank.example.test:8443/back?app=1"
SPA, SPA_URI = "spa", "https://spa.example.test/"
OPERATOR = "arn:aws:sts::123456789012:assumed-role/operators/berta"
FORM = {"content-type": "application/x-www-form-urlencoded"}
BANK_KEY = Key.make("P-256")
ASSERTED = {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}


def add_clients(world: World) -> None:
    """One client of each kind: with a secret, with a key, and a public one; the login page is the issuer's own."""
    world.set(CLIENT_ORIGINS=f"{ORIGIN},{URL}", ALLOWED_ORIGINS=f"{ORIGIN},{URL}")
    jwks = json.dumps({"keys": [{**BANK_KEY.public_jwk(), "kid": "one"}]})
    mac = client_secret_mac(SHOP, SHOP_SECRET)
    for client in (
        Client(
            SHOP,
            "Lädchen",
            (URL,),
            (SHOP_URI,),
            auth_method="client_secret_basic",
            secret_mac=mac,
            offline_access=True,
            login_policy="phone_or_passkey",
            post_logout_redirect_uris=(SHOP_BYE,),
            backchannel_logout_uri=SHOP_HEARS,
        ),
        Client(
            BANK,
            "Bank",
            (URL,),
            (BANK_URI, "https://bank.example.test/other"),
            auth_method="private_key_jwt",
            jwks=jwks,
        ),
        Client(SPA, "Seite", (URL,), (SPA_URI,), auth_method="none"),
    ):
        add_client(client, by=OPERATOR, now=world.now)


def basic(client_id: str = SHOP, secret: str = SHOP_SECRET) -> dict[str, str]:
    """The header of client_secret_basic."""
    return {"authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def assertion(world: World, *, key: Key = BANK_KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """The bank's private_key_jwt; `changes` are claims that it writes otherwise, None for one that it leaves out."""
    claims = {"iss": BANK, "sub": BANK, "aud": URL, "jti": secrets.token_urlsafe(8), "iat": world.now}
    claims |= {"exp": world.now + 60, **changes}
    told = {"alg": "ES256", "kid": "one", **(header or {})}
    kept = {name: value for name, value in claims.items() if value is not None}
    return compact_jws(told, json.dumps(kept).encode(), key)


def dpop(
    world: World,
    key: Key,
    method: str = "POST",
    path: str = "/oauth2/token",
    *,
    token: str | None = None,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> dict[str, str]:
    """The header with a client's proof of its key; `changes` are claims that it writes otherwise, or not (None)."""
    claims = {"jti": secrets.token_urlsafe(8), "htm": method, "htu": f"{URL}{path}", "iat": world.now}
    claims |= {"ath": token if token is None else digest(token), **changes}
    told = {"typ": "dpop+jwt", "alg": key.algorithm, "jwk": key.public_jwk(), **(header or {})}
    kept = {name: value for name, value in claims.items() if value is not None}
    named = {name: value for name, value in told.items() if value is not None}
    return {"dpop": compact_jws(named, json.dumps(kept).encode(), key)}


def claims_of(jws: str) -> dict[str, Any]:
    """The claims of a JWS, not verified."""
    claims: dict[str, Any] = json.loads(base64url.decode(jws.split(".")[1]))
    return claims


@dataclass
class Flow:
    """One authorization from the client's link to its tokens; every parameter may be another."""

    world: World
    client_id: str = SHOP
    redirect_uri: str = SHOP_URI
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    changes: dict[str, str | None] = field(default_factory=dict)
    cookie: str = ""
    # The session that the browser has: what a login gave it is `given`, until it stays signed in.
    session: str = ""
    given: str = ""
    reference: str = ""
    # What the page and the phone said in the login, each with its name.
    said: list[tuple[str, str]] = field(default_factory=list)

    def parameters(self) -> dict[str, str]:
        """What the client's link says; a change to None leaves a parameter out."""
        asked: dict[str, str | None] = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": "openid profile email",
            "state": "the state",
            "nonce": "the nonce",
            "code_challenge": digest(self.verifier),
            "code_challenge_method": "S256",
            **self.changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def push(self, *, headers: Any = None, **more: str) -> tuple[int, dict[str, str], Any]:
        """The client's server leaves the request at the provider."""
        sent = {**FORM, **(basic() if headers is None else headers)}
        return self.world.http("POST", "/oauth2/par", urlencode({**self.parameters(), **more}).encode(), headers=sent)

    def push_and_refer(self) -> None:
        """The same; from now on the link holds the reference alone."""
        self.reference = self.push()[2]["request_uri"]

    def authorize(self, *, by_form: bool = False) -> tuple[int, dict[str, str]]:
        """The browser follows the client's link; the status and the headers."""
        referred = {"client_id": self.client_id, "request_uri": self.reference}
        query = urlencode(referred if self.reference else self.parameters())
        kept = "; ".join(one for one in (self.cookie, self.session) if one)
        cookies = {"cookie": kept} if kept else {}
        if by_form:
            event = self.world.event("POST", "/oauth2/authorize", query.encode(), headers={**FORM, **cookies})
        else:
            event = self.world.event("GET", f"/oauth2/authorize?{query}", headers=cookies)
        answer = self.world.answer(*event)
        for cookie in answer.get("cookies", ()):
            self.cookie = cookie.partition(";")[0]
        return answer["statusCode"], answer["headers"]

    def silently(self, **changes: str | None) -> dict[str, str]:
        """What the client hears at once, without a login page; `changes` are of its request."""
        self.changes = changes
        status, headers = self.authorize()
        assert status == 303, headers
        return self.heard(headers["Location"])

    def asks(self, **changes: str | None) -> bool:
        """Whether the browser comes to the login page."""
        self.changes = changes
        return self.authorize()[1]["Location"].startswith(f"{URL}/financeapp/#interaction=")

    def stay(self) -> Flow:
        """Another tab of the same browser, which is signed in from now on."""
        self.session = self.given
        return replace(self, verifier=secrets.token_urlsafe(32))

    def interaction(self, **sent: Any) -> str:
        """What the login page finds in its address."""
        status, headers = self.authorize(**sent)
        assert status == 303, headers
        page, _, fragment = headers["Location"].partition("#interaction=")
        assert page == f"{URL}/financeapp/"
        return fragment

    def log_in(self, account: Account, phone: Phone | None) -> dict[str, Any]:
        """The page starts the login, and the phone approves it; without a phone the password is enough."""
        ask = {"identifier": account.number, "password": PASSWORD, "client_id": self.client_id}
        begun: dict[str, Any] = self.world.http("POST", "/v1/logins", ask, headers={"origin": URL})[2]
        if phone is not None:
            (shown,) = (one for one in self.world.listed(phone) if one.get("login_id") == begun["login_id"])
            code = begun["transfer_code"].replace(" ", "")
            evidence = phone.evidence(shown["statement"], code, now=self.world.now)
            body = {"decision": "approve", "evidence": evidence}
            assert self.world.send(phone, "POST", f"/v1/approvals/{begun['login_id']}", body)[0] == 200
            self.said += [("transfer code", code), ("evidence", evidence["jws"])]
        self.said.append(("login token", begun["login_token"]))
        return begun

    def finish(self, interaction: str, begun: dict[str, Any], **headers: str) -> tuple[int, Any]:
        """The page asks where the browser goes."""
        cookies = f"{self.cookie}; {self.session}" if self.session else self.cookie
        sent = {"authorization": f"Bearer {begun['login_token']}", "origin": URL, "cookie": cookies, **headers}
        body = {"interaction": interaction, "login_id": begun["login_id"]}
        answer = self.world.answer(*self.world.event("POST", "/oauth2/interaction", body, headers=sent))
        kept = [one.partition(";")[0] for one in answer.get("cookies", ()) if SESSION_COOKIE in one]
        self.given = kept[0] if kept else self.given
        return answer["statusCode"], json.loads(answer["body"])

    def answered(self, account: Account, phone: Phone | None) -> dict[str, str]:
        """All of it up to the client's redirect URI: what is in its query beside the client's own."""
        interaction = self.interaction()
        status, told = self.finish(interaction, self.log_in(account, phone))
        assert status == 200, told
        return self.heard(told["redirect_to"])

    def heard(self, location: str) -> dict[str, str]:
        """What the client hears at its redirect URI."""
        assert location.startswith(self.redirect_uri), location
        return dict(parse_qsl(urlsplit(location).query))

    def token(self, code: str, /, *, headers: Any = None, **changes: Any) -> tuple[int, dict[str, str], Any]:
        """The client's server redeems the code, by default in the shop's way."""
        asked: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **changes,
        }
        told = {name: value for name, value in asked.items() if value is not None}
        sent = {**FORM, **(basic() if headers is None else headers)}
        return self.world.http("POST", "/oauth2/token", urlencode(told).encode(), headers=sent)

    def refresh(self, token: str, /, *, headers: Any = None, **changes: Any) -> tuple[int, dict[str, str], Any]:
        """The client's server refreshes its tokens."""
        asked = {"grant_type": "refresh_token", "refresh_token": token, **changes}
        sent = {**FORM, **(basic() if headers is None else headers)}
        return self.world.http("POST", "/oauth2/token", urlencode(asked).encode(), headers=sent)

    def revoke(self, token: str, /, *, headers: Any = None, **changes: Any) -> int:
        """The client's server revokes a token."""
        sent = {**FORM, **(basic() if headers is None else headers)}
        asked = urlencode({"token": token, **changes}).encode()
        return self.world.http("POST", "/oauth2/revoke", asked, headers=sent)[0]

    def userinfo(self, token: str, proof: dict[str, str] | None = None) -> tuple[int, dict[str, str], Any]:
        """Who is it? With a proof the token is shown as bound to its key."""
        scheme = "Bearer" if proof is None else "DPoP"
        headers = {"authorization": f"{scheme} {token}", **(proof or {})}
        return self.world.http("GET", "/oauth2/userinfo", headers=headers)


def query_of(location: str) -> dict[str, list[str]]:
    """The query of an address."""
    return parse_qs(urlsplit(location).query, keep_blank_values=True)


@dataclass(frozen=True)
class Bye:
    """What a browser gets at the end of its session: where it goes, or a page, and what becomes of the cookie."""

    status: int
    location: str | None
    page: str
    cookies: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether the person is asked first."""
        return self.status == 200 and "<form" in self.page

    @property
    def is_over(self) -> bool:
        """Whether the browser has forgotten its session."""
        return any(one.startswith(f"{SESSION_COOKIE}=;") and "Max-Age=0" in one for one in self.cookies)

    @property
    def fields(self) -> dict[str, str]:
        """What the button sends."""
        found = re.findall(r'name="([^"]*)" value="([^"]*)"', self.page)
        return {unescape(name): unescape(value) for name, value in found}


def log_out(flow: Flow, *, method: str = "GET", session: str | None = None, **parameters: str) -> Bye:
    """The browser comes to the end-session endpoint."""
    encoded = urlencode(parameters)
    kept = flow.session if session is None else session
    headers = {"cookie": kept} if kept else {}
    if method == "GET":
        event = flow.world.event("GET", f"/oauth2/logout?{encoded}", headers=headers)
    else:
        event = flow.world.event("POST", "/oauth2/logout", encoded.encode(), headers={**FORM, **headers})
    answer = flow.world.answer(*event)
    return Bye(
        answer["statusCode"], answer["headers"].get("Location"), answer["body"], tuple(answer.get("cookies", ()))
    )
