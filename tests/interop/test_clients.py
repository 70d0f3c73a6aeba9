"""Clients of OpenID Connect that others wrote log in at the running stack, and a phone approves."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from smartident_client.keys import Key
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_laptop.demo.accounts import ANNA, DEMO_CLIENT, DEMO_REDIRECT_URIS, DEMO_SECRET, DemoClient
from smartident_laptop.ports import bind
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT
from tests.support.person_at_browser import PersonAtBrowser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLES = ROOT / "examples/oidc"
NODE_MODULES = ROOT / ".cache/interop"
PYTHON = ROOT / ".venv-interop/bin/python"
OPENID_CLIENT = ("node", str(EXAMPLES / "openid_client.mjs"))
AUTHLIB = (str(PYTHON), str(EXAMPLES / "authlib_client.py"))
REQUESTS_OAUTH2CLIENT = (str(PYTHON), str(EXAMPLES / "requests_oauth2client_client.py"))
URI = DEMO_REDIRECT_URIS[0]
KEY = Key.make()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with bind(0) as socket:
        port = socket.getsockname()[1]
    origins = (f"http://localhost:{port}",)
    jwks = json.dumps({"keys": [{**KEY.public_jwk(), "kid": "one"}]})
    public = DemoClient("public", "Seite", origins, (URI,), "none")
    keyed = DemoClient("keyed", "Mit Schlüssel", origins, (URI,), "private_key_jwt", jwks=jwks)
    with Stack(port, clients=(public, keyed)) as running:
        yield running


@pytest.fixture(scope="module")
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


def assert_signed_out(person: PersonAtBrowser, link: str, heard: dict[str, Any]) -> None:
    """Until the client ends the session, its next request is answered at once; afterwards the login page asks."""
    if "request_uri" not in link:
        assert "code=" in person.browser.get(link).headers["location"]
    assert person.browser.get(heard["logout"]).headers["location"] == heard["bye"]
    if "request_uri" not in link:
        assert "#interaction=" in person.browser.get(link).headers["location"]


@pytest.mark.parametrize(
    "command",
    [
        (*OPENID_CLIENT, DEMO_CLIENT, DEMO_SECRET, "client_secret_basic"),
        (*OPENID_CLIENT, DEMO_CLIENT, DEMO_SECRET, "client_secret_post"),
        (*OPENID_CLIENT, DEMO_CLIENT, DEMO_SECRET, "client_secret_basic+par"),
        (*OPENID_CLIENT, DEMO_CLIENT, DEMO_SECRET, "client_secret_basic+par+dpop"),
        (*OPENID_CLIENT, "public", "", "none"),
        (*OPENID_CLIENT, "public", "", "none+dpop"),
        (*OPENID_CLIENT, "keyed", json.dumps({**KEY.private_jwk(), "kid": "one"}), "private_key_jwt"),
        (*AUTHLIB, DEMO_CLIENT, DEMO_SECRET, "client_secret_basic"),
        (*AUTHLIB, DEMO_CLIENT, DEMO_SECRET, "client_secret_post"),
        (*AUTHLIB, "public", "", "none"),
        (*REQUESTS_OAUTH2CLIENT, DEMO_CLIENT, DEMO_SECRET, "client_secret_basic"),
    ],
    ids=lambda command: f"{command[1].rpartition('/')[2]} {command[-1]}",
)
def test_a_client_of_others_gets_who_approved_on_the_phone(
    stack: Stack, approve: Callable[[dict[str, Any]], None], command: tuple[str, ...]
) -> None:
    *program, client_id, secret, method = command
    running = subprocess.Popen(  # noqa: S603  the tools that make has installed
        [*program, stack.url, client_id, secret, URI, method],
        cwd=NODE_MODULES,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running, PersonAtBrowser(stack.url, ANNA, approve) as person:
        assert running.stdout is not None
        link = running.stdout.readline().strip()
        if not link:
            pytest.fail(running.communicate()[1])
        told, complaint = running.communicate(person.follow(link) + "\n", timeout=60)
        assert running.returncode == 0, complaint
        heard = json.loads(told)
        if "logout" in heard and client_id == DEMO_CLIENT:
            assert_signed_out(person, link, heard)
    assert heard["claims"]["iss"] == stack.url
    assert heard["claims"]["acr"] == "urn:smartident:acr:approved-by-phone"
    assert heard["user"] == {
        "sub": heard["claims"]["sub"],
        "name": ANNA.display_name,
        "preferred_username": ANNA.number,
    }
