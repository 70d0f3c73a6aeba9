"""The back ends of examples/ that verify id_tokens: each takes a login's own token once, and no other token."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from joserfc import jws

from smartident_client import base64url
from smartident_client.answers import Completion, Login
from smartident_client.browser import Browser
from smartident_client.keys import Key
from smartident_client.keystore import KeyStore
from smartident_client.login_passkey import LoginPasskey
from smartident_client.phone import Phone
from smartident_client.proof import compact_jws
from smartident_laptop.demo.accounts import JONAS, MIRIAM, DemoAccount
from smartident_laptop.options import read_options
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT
from tests.examples.test_examples import free_port

EXAMPLES = ROOT / "examples"
UVICORN = ROOT / ".venv-examples/bin/uvicorn"
EXPRESS = EXAMPLES / "express/node_modules/express"
ORIGIN = "http://localhost:5173"
CLIENTS = ["--client", f"app={ORIGIN}/done", "--client", "other=http://localhost:5174/done"]
WAIT = 20
NONCE = "the-nonce-of-one-browser"
BY_PHONE, BY_PASSKEY, BY_PASSWORD = (
    f"urn:smartident:acr:{how}" for how in ("approved-by-phone", "phishing-resistant", "password")
)
# What a back end is told, and what begins a session there; the empty one is told nothing.
ENOUGH = {
    "": {BY_PHONE, BY_PASSKEY},
    BY_PASSKEY: {BY_PASSKEY},
    f"{BY_PASSKEY} {BY_PASSWORD}": {BY_PASSKEY, BY_PASSWORD},
}


@dataclass
class BackEnd:
    """A back end at work, and one browser that talks to it as its own page does."""

    stack: Stack
    browser: httpx.Client
    folder: Path

    def new_nonce(self) -> str:
        nonce: str = self.browser.post("/nonce").json()["nonce"]
        return nonce

    def begin(self, token: str) -> int:
        return self.browser.post("/session", json={"id_token": token}).status_code

    def token(self, *, nonce: str | None, client: str = "app", person: DemoAccount = MIRIAM) -> str:
        """What smartIDENT says of a login that a phone has approved."""
        return completed(self.stack, self.folder, nonce=nonce, client=client, person=person)[1].id_token


def completed(
    stack: Stack, folder: Path, *, nonce: str | None, client: str = "app", person: DemoAccount = MIRIAM
) -> tuple[Login, Completion]:
    """A login, which a phone has approved where the person has one."""
    with Browser(stack.url, origin=ORIGIN if client == "app" else "http://localhost:5174") as browser:
        started = browser.start(person.number, person.password, client_id=client, nonce=nonce)
        if started.transfer_code:
            with Phone(stack.url, KeyStore(folder / "phone.json")) as phone:
                phone.approve(phone.approvals()[0], started.transfer_code)
        return started, browser.complete(started)


def token_by_passkey(stack: Stack, login: Login) -> str:
    """What smartIDENT says of a login with a passkey that was made after another login."""
    passkey = LoginPasskey(origin=ORIGIN, rp_id="localhost")
    with httpx.Client(base_url=stack.url, headers={"Origin": ORIGIN}, trust_env=False) as page:
        bearer = {"Authorization": f"Bearer {login.login_id}.{login.login_token}"}
        creation = page.get("/v1/passkeys", headers=bearer).json()["creation"]
        page.post("/v1/passkeys", headers=bearer, json={"credential": passkey.create(creation), "name": "Laptop"})
        asked = page.post("/v1/passkeys/options", json={}).json()["public_key"]
        said = {"assertion": passkey.get(asked), "client_id": "app", "nonce": NONCE}
        started = page.post("/v1/passkeys/login", json=said).json()
        bearer = {"Authorization": f"Bearer {started['login_token']}"}
        token: str = page.post(f"/v1/logins/{started['login_id']}/complete", headers=bearer).json()["id_token"]
    return token


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Path]]:
    folder: Path = tmp_path_factory.mktemp("phone")
    with Stack(clients=read_options(CLIENTS).clients) as running:
        running.enrol(MIRIAM, folder / "phone.json")
        yield running, folder


@pytest.fixture(scope="module")
def tokens(stack: tuple[Stack, Path]) -> dict[str, str]:
    """One token of each kind for one browser, by its `acr`."""
    running, folder = stack
    login, completion = completed(running, folder, nonce=NONCE)
    by_password = completed(running, folder, nonce=NONCE, person=JONAS)[1].id_token
    made = (completion.id_token, token_by_passkey(running, login), by_password)
    return {claims_of(token)["acr"]: token for token in made}


@contextmanager
def serving(command: list[object], folder: Path, **environment: str) -> Iterator[None]:
    words = [str(word) for word in command]
    with subprocess.Popen(words, cwd=folder, env={**os.environ, **environment}) as server:  # noqa: S603  made by make
        try:
            yield
        finally:
            server.terminate()


@pytest.fixture
def told() -> dict[str, str]:
    """What a back end is told beside what it must know."""
    return {}


@pytest.fixture(params=["fastapi", "express"])
def back_end(request: pytest.FixtureRequest, stack: tuple[Stack, Path], told: dict[str, str]) -> Iterator[BackEnd]:
    running, folder = stack
    port, needs = free_port(), {"fastapi": UVICORN, "express": EXPRESS}[request.param]
    if not needs.exists():
        pytest.skip("make test-examples installs what it needs, where the registries answer")
    environment = {"SMARTIDENT_URL": running.url, "CLIENT_ID": "app", "ORIGIN": ORIGIN, "PORT": str(port), **told}
    fastapi: list[object] = [UVICORN, "app:app", "--port", port, "--log-level", "warning"]
    commands: dict[str, list[object]] = {"fastapi": fastapi, "express": ["node", "server.js"]}
    command = commands[request.param]
    page = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Origin": ORIGIN}, trust_env=False)
    with serving(command, EXAMPLES / request.param, **environment), page:
        for _ in range(WAIT * 10):
            try:
                page.get("/me")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield BackEnd(running, page, folder)


def test_a_token_of_this_browser_begins_one_session(back_end: BackEnd) -> None:
    assert back_end.browser.get("/me").status_code == 401
    token = back_end.token(nonce=back_end.new_nonce())
    assert back_end.begin(token) == 204
    assert back_end.browser.get("/me").json() == {"user": claims_of(token)["sub"]}
    cookie = back_end.browser.cookies["session"]
    assert back_end.begin(token) == 401, "its nonce is gone"
    assert back_end.browser.delete("/session").status_code == 204
    back_end.browser.cookies.set("session", cookie)
    assert back_end.browser.get("/me").status_code == 401, "ended on the server, too"


def test_a_token_is_used_once_even_where_the_nonce_is_still_there(back_end: BackEnd) -> None:
    nonce = back_end.new_nonce()
    token = back_end.token(nonce=nonce)
    for status in (204, 401):
        assert back_end.begin(token) == status
        back_end.browser.cookies.set("nonce", nonce)


def test_what_begins_no_session(back_end: BackEnd) -> None:
    nonce = back_end.new_nonce()
    token = back_end.token(nonce=nonce)
    claims, header = claims_of(token), {"typ": "JWT", "kid": jws.extract_compact(token.encode()).headers()["kid"]}
    plain = {"typ": "JWT", "alg": "none"}
    forged = [base64url.encode(json.dumps(part).encode()) for part in (plain, claims)]
    for wrong in (
        back_end.token(nonce=None),
        back_end.token(nonce="another browser's"),
        back_end.token(nonce=nonce, client="other"),
        back_end.token(nonce=nonce, person=JONAS),
        compact_jws(header, json.dumps(claims).encode(), Key.make()),
        compact_jws({**header, "kid": "nobody's"}, json.dumps(claims).encode(), Key.make()),
        f"{forged[0]}.{forged[1]}.",
        "no token",
    ):
        assert back_end.begin(wrong) == 401
    assert back_end.begin(token) == 204


@pytest.mark.parametrize(
    "told",
    [{"ACR_VALUES": enough} if enough else {} for enough in ENOUGH],
    ids=["as it comes", "passkey alone", "passkey or password"],
)
def test_what_is_enough_for_a_session_is_configured(
    back_end: BackEnd, tokens: dict[str, str], told: dict[str, str]
) -> None:
    assert tokens.keys() == {BY_PHONE, BY_PASSKEY, BY_PASSWORD}
    begun = set()
    for acr, token in tokens.items():
        back_end.browser.cookies.clear()
        back_end.browser.cookies.set("nonce", NONCE)
        status = back_end.begin(token)
        assert status in {204, 401}
        begun |= {acr} if status == 204 else set()
    assert begun == ENOUGH[told.get("ACR_VALUES", "")]


def test_another_page_begins_and_ends_no_session(back_end: BackEnd) -> None:
    token = back_end.token(nonce=back_end.new_nonce())
    for origin in ("https://evil.example", "null", ""):
        foreign = {"Origin": origin}
        assert back_end.browser.post("/nonce", headers=foreign).status_code == 403
        assert back_end.browser.post("/session", json={"id_token": token}, headers=foreign).status_code == 403
        assert back_end.browser.delete("/session", headers=foreign).status_code == 403
    assert back_end.begin(token) == 204


def claims_of(token: str) -> dict[str, str]:
    claims: dict[str, str] = json.loads(base64url.decode(token.split(".")[1]))
    return claims
