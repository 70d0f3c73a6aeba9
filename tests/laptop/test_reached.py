"""A stack that others reach: by the address of a tunnel, and from pages of the developer's own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smartident_client.keystore import KeyStore
from smartident_laptop.demo.accounts import JONAS, MIRIAM, DemoClient
from smartident_laptop.ports import LOOPBACK
from smartident_laptop.stack import Stack

PUBLIC = "https://demo.tunnel.example"
VITE = "http://localhost:5173"
APP = DemoClient("app", "app", (VITE,), (f"{VITE}/done",))
LOGIN = {"identifier": JONAS.number, "password": JONAS.password}
IPHONE = "A1B2C3D4E5.com.example.smartident"
PARAMETERS = {"UnansweredLogins": "100", "AppleApps": IPHONE}
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 x"}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(public_url=PUBLIC, origins=[VITE], clients=[APP], parameters=PARAMETERS) as running:
        yield running


def call(stack: Stack, method: str, path: str, *, host: str = "demo.tunnel.example", **sent: Any) -> httpx.Response:
    headers = {"Host": host, **sent.pop("headers", {})}
    with httpx.Client(base_url=f"http://{LOOPBACK}:{stack.port}", trust_env=False) as client:
        return client.request(method, path, headers=headers, **sent)


def test_a_tunnels_name_opens_pages_and_api(stack: Stack) -> None:
    page = call(stack, "GET", "/app/")
    assert page.status_code == 200
    assert f"connect-src 'self' {PUBLIC} wss://demo.tunnel.example;" in page.headers["content-security-policy"]
    assert call(stack, "POST", "/v1/logins", json=LOGIN, headers={"Origin": PUBLIC}).status_code == 201
    assert call(stack, "GET", "/app/", host="other.tunnel.example").status_code == 400


def test_a_phone_is_enrolled_for_the_address_that_everybody_uses(stack: Stack, tmp_path: Path) -> None:
    stack.enrol(MIRIAM, tmp_path / "phone.json")
    assert [account.url for account in KeyStore(tmp_path / "phone.json").accounts()] == [PUBLIC]
    begun = call(stack, "POST", "/v1/logins", json={"identifier": MIRIAM.number, "password": MIRIAM.password}).json()
    assert begun["socket"]["url"] == "wss://demo.tunnel.example/ws"


@pytest.mark.parametrize("client", [None, "app"])
def test_a_page_of_the_developers_own_logs_in(stack: Stack, client: str | None) -> None:
    ask = LOGIN if client is None else {**LOGIN, "client_id": client}
    begun = call(stack, "POST", "/v1/logins", json=ask, headers={"Origin": VITE})
    assert (begun.status_code, begun.headers["access-control-allow-origin"]) == (201, VITE)


def test_what_is_set_is_what_the_functions_read(stack: Stack) -> None:
    assert stack.environment["UNANSWERED_LOGINS"] == "100"


def test_nobody_writes_to_connections_through_the_tunnel(stack: Stack) -> None:
    path = "/ws/@connections/abc"
    assert call(stack, "POST", path, headers=SIGNED).status_code == 404
    assert call(stack, "POST", path, host=LOOPBACK, headers=SIGNED).status_code == 410


@pytest.mark.parametrize(("lan", "address"), [(False, LOOPBACK), (True, "0.0.0.0")])  # noqa: S104  what is looked for
def test_only_who_asks_for_the_network_gets_it(lan: bool, address: str) -> None:
    stack = Stack(public_url="http://laptop.local:8080", lan=lan)
    try:
        listener = stack.bind()
        assert listener.getsockname() == (address, stack.port)
        assert listener is stack.bind()
        assert listener.family == socket.AF_INET
    finally:
        stack.stop()


def test_the_laptop_serves_what_apple_and_google_ask_for(stack: Stack) -> None:
    apple = call(stack, "GET", "/.well-known/apple-app-site-association")
    assert (apple.status_code, apple.headers["content-type"]) == (200, "application/json")
    assert apple.json()["webcredentials"] == {"apps": [IPHONE]}
    assert call(stack, "GET", "/.well-known/assetlinks.json").status_code == 404
    assert call(stack, "POST", "/.well-known/apple-app-site-association").status_code == 404


def test_the_demo_page_believes_no_logout_of_somebody_elses(stack: Stack) -> None:
    forged = "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.e30."
    assert call(stack, "POST", "/demo/ended", data={"logout_token": forged}).status_code == 400
    assert call(stack, "POST", "/demo/logout", headers={"Origin": "https://evil.example"}).status_code == 403
