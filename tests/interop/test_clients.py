"""Clients of OpenID Connect that others wrote log in at the running stack, and a phone approves."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from smartident_laptop.demo.accounts import ANNA, DEMO_CLIENT, DEMO_SECRET
from smartident_laptop.template import ROOT
from tests.interop.conftest import BANK_SECRET, CUSTOMER, KEY, URI
from tests.support.person_at_browser import PersonAtBrowser

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

EXAMPLES = ROOT / "examples/oidc"
NODE_MODULES = ROOT / ".cache/interop"
PYTHON = ROOT / ".venv-interop/bin/python"
OPENID_CLIENT = ("node", str(EXAMPLES / "openid_client.mjs"))
AUTHLIB = (str(PYTHON), str(EXAMPLES / "authlib_client.py"))
REQUESTS_OAUTH2CLIENT = (str(PYTHON), str(EXAMPLES / "requests_oauth2client_client.py"))
OPENID_CLIENT_CIBA = ("node", str(EXAMPLES / "openid_client_ciba.mjs"))
REQUESTS_OAUTH2CLIENT_CIBA = (str(PYTHON), str(EXAMPLES / "requests_oauth2client_ciba.py"))


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
    with (
        started(*program, stack.url, client_id, secret, URI, method) as running,
        PersonAtBrowser(stack.url, ANNA, approve) as person,
    ):
        link = first_line(running)
        heard = last_line(running, person.follow(link) + "\n")
        if "logout" in heard and client_id == DEMO_CLIENT:
            assert_signed_out(person, link, heard)
    assert_about_anna(heard, stack)


@pytest.mark.parametrize(
    ("program", "client_id"),
    [(OPENID_CLIENT_CIBA, "polls"), (OPENID_CLIENT_CIBA, "pinged"), (REQUESTS_OAUTH2CLIENT_CIBA, "polls")],
    ids=["openid-client polls", "openid-client is pinged", "requests_oauth2client polls"],
)
def test_a_back_end_of_others_asks_the_phone_by_itself(
    stack: Stack,
    ping_port: int,
    approve: Callable[[dict[str, Any]], None],
    program: tuple[str, ...],
    client_id: str,
) -> None:
    listens = (str(ping_port),) if client_id == "pinged" else ()
    with started(*program, stack.url, client_id, BANK_SECRET, CUSTOMER, *listens) as running:
        approve(json.loads(first_line(running)))
        heard = last_line(running)
    assert_about_anna(heard, stack)
    assert heard["claims"]["amr"] == ["pop", "user", "mfa"]
    assert heard["claims"]["external_id"] == CUSTOMER


def started(*command: str) -> subprocess.Popen[str]:
    """A client at work: it prints lines, and reads one where it waits for a browser."""
    return subprocess.Popen(  # noqa: S603  the tools that make has installed
        command,
        cwd=NODE_MODULES,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_line(running: subprocess.Popen[str]) -> str:
    """What the client prints before it waits."""
    assert running.stdout is not None
    line = running.stdout.readline().strip()
    if not line:
        pytest.fail(running.communicate()[1])
    return line


def last_line(running: subprocess.Popen[str], told: str = "") -> dict[str, Any]:
    """What the client says in the end, after it was told this."""
    said, complaint = running.communicate(told, timeout=60)
    assert running.returncode == 0, complaint
    heard: dict[str, Any] = json.loads(said)
    return heard


def assert_about_anna(heard: dict[str, Any], stack: Stack) -> None:
    """Both the id_token and userinfo say who approved on the phone."""
    assert heard["claims"]["iss"] == stack.url
    assert heard["claims"]["acr"] == "urn:smartident:acr:approved-by-phone"
    assert heard["user"] == {
        "sub": heard["claims"]["sub"],
        "name": ANNA.display_name,
        "preferred_username": ANNA.number,
    }
