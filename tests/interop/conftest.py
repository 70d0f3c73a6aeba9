"""A running stack whose clients are of every kind, and Anna's phone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from smartident.clients.backchannel import PING, Backchannel
from smartident_client.keys import Key
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_laptop.demo.accounts import ANNA, DEMO_REDIRECT_URIS, DemoClient
from smartident_laptop.ports import bind
from smartident_laptop.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

URI = DEMO_REDIRECT_URIS[0]
BANK_SECRET, CUSTOMER = "the-secret-of-the-bank-on-this-laptop", "K-42"
APACHE_SECRET = "the-secret-of-apache-on-this-laptop"
KEY = Key.make()


@pytest.fixture(scope="session")
def ping_port() -> int:
    """Where a client that is pinged listens."""
    with bind(0) as socket:
        port: int = socket.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def page_port() -> int:
    """Where a page without a server of its own comes from."""
    with bind(0) as socket:
        port: int = socket.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def apache_port() -> int:
    """Where Apache listens."""
    with bind(0) as socket:
        port: int = socket.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def stack(ping_port: int, page_port: int, apache_port: int) -> Iterator[Stack]:
    with bind(0) as socket:
        port = socket.getsockname()[1]
    origins = (f"http://localhost:{port}",)
    jwks = json.dumps({"keys": [{**KEY.public_jwk(), "kid": "one"}]})
    public = DemoClient("public", "Seite", origins, (URI,), "none")
    keyed = DemoClient("keyed", "Mit Schlüssel", origins, (URI,), "private_key_jwt", jwks=jwks)
    polls = back_end("polls", Backchannel(), origins)
    pinged = back_end("pinged", Backchannel(PING, f"http://127.0.0.1:{ping_port}/ping"), origins)
    page = single_page_app(f"http://localhost:{page_port}", origins)
    clients = (public, keyed, polls, pinged, page, behind_apache(apache_port, origins))
    with Stack(port, clients=clients) as running:
        yield running


def behind_apache(port: int, origins: tuple[str, ...]) -> DemoClient:
    """Pages behind mod_auth_openidc, which is told of the end of a session."""
    uri = f"http://localhost:{port}/redirect_uri"
    method, told = "client_secret_basic", f"{uri}?logout=backchannel"
    return DemoClient("apache", "Seiten", origins, (uri,), method, APACHE_SECRET, backchannel_logout_uri=told)


def single_page_app(origin: str, origins: tuple[str, ...]) -> DemoClient:
    """A page of an origin of its own, which nobody but PKCE protects."""
    uri, bye = f"{origin}/callback", f"{origin}/"
    return DemoClient("page", "Seite", (*origins, origin), (uri,), "none", post_logout_redirect_uris=(bye,))


def back_end(client_id: str, allowed: Backchannel, origins: tuple[str, ...]) -> DemoClient:
    """A client that asks phones by itself, and knows Anna by a name of its own."""
    names = ((ANNA.number, CUSTOMER),)
    method, told = "client_secret_basic", str(allowed)
    return DemoClient(
        client_id, "Musterbank", origins, (URI,), method, BANK_SECRET, backchannel=told, external_ids=names
    )


@pytest.fixture(scope="session")
def approve(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Anna's phone approves the login that waits, with the code that the page shows."""
    with Phone(stack.url, KeyStore(tmp_path_factory.mktemp("phone") / "phone.json")) as phone:
        enrolment = phone.register(ANNA.number, ANNA.password, device_name="Annas Telefon")
        account = phone.verify(enrolment, code_in(stack.sms_messages()[-1].text))

        def approve(login: dict[str, Any]) -> None:
            (pending,) = phone.approvals(account)
            assert (pending.statement.client_name, pending.statement.client_host) != (None, None)
            phone.approve(pending, str(login["transfer_code"]))

        yield approve
