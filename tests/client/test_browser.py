"""What the simulated login page promises: a ticket for each connection, and no secret in an error."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from smartident_client import base64url, browser
from smartident_client.answers import Login, Socket
from smartident_client.browser import PROTOCOL, Browser, ticket
from smartident_client.wire import NotAsPromised, Refused, Unreachable, Wire
from tests.client.paper_service import problem

TOKEN = "t0ken-canary"


def login(url: str = "ws://127.0.0.1:9") -> Login:
    first = ticket(Login("a1.l1", TOKEN, "pending", None, 0, None), 1)
    return Login("a1.l1", TOKEN, "pending", "604 193", int(time.time()) + 60, Socket(url, ["smartident.v1", first]))


def page(*statuses: str) -> Browser:
    told = iter(statuses)

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        return httpx.Response(200, json={"login_id": "a1.l1", "status": next(told), "expires_at": 0})

    return Browser("https://api.example", origin="https://page.example", transport=httpx.MockTransport(answer))


@contextmanager
def socket_that(*lives: list[str]) -> Iterator[tuple[str, list[list[str]]]]:
    """A WebSocket server; each connection says its messages and then drops."""
    seen: list[list[str]] = []

    def live(connection: ServerConnection) -> None:
        assert connection.request
        seen.append(connection.request.headers["Sec-WebSocket-Protocol"].split(", "))
        try:
            assert json.loads(connection.recv()) == {"action": "status", "login_id": "a1.l1"}
            for message in lives[len(seen) - 1]:
                connection.send(message)
        except ConnectionClosed:
            return

    with serve(live, "127.0.0.1", 0, subprotocols=[Subprotocol(PROTOCOL)]) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}", seen


def said(status: str) -> str:
    return json.dumps({"status": status, "login_id": "a1.l1"})


def test_each_ticket_is_the_hash_of_the_next_and_the_last_hangs_on_the_token() -> None:
    last = hashlib.sha256(f"smartident-ticket:v1:{TOKEN}".encode()).digest()
    assert ticket(login(), 8) == f"a1.l1.{base64url.encode(last)}"
    for link in range(1, 8):
        following = ticket(login(), link + 1).rpartition(".")[2]
        assert ticket(login(), link) == f"a1.l1.{base64url.encode(hashlib.sha256(following.encode()).digest())}"


def test_the_page_moves_on_when_the_socket_says_so() -> None:
    pending: list[int] = []
    with socket_that([said("pending"), said("approved")]) as (url, seen):
        assert page().wait(login(url), opened=lambda: pending.append(1)) == "approved"
    assert pending == [1]
    assert seen == [["smartident.v1", ticket(login(), 1)]]


def test_a_dropped_socket_is_opened_again_with_the_next_ticket() -> None:
    with socket_that([said("pending")], [], [said("denied")]) as (url, seen):
        assert page().wait(login(url)) == "denied"
    assert [protocols[1] for protocols in seen] == [ticket(login(), link) for link in (1, 2, 3)]


def test_a_blocked_socket_ends_in_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "POLL_SECONDS", 0)
    assert page("pending", "pending", "approved").wait(login()) == "approved"


def test_a_message_that_is_no_hint_is_said() -> None:
    with socket_that(['{"code": "invalid_request"}']) as (url, _), pytest.raises(NotAsPromised, match="no hint"):
        page().wait(login(url))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (problem(401, "invalid_credentials"), Refused),
        (httpx.Response(502, text=f"<html>{TOKEN}"), NotAsPromised),
        (httpx.Response(200, json={"login_id": 1, "login_token": TOKEN}), NotAsPromised),
        (httpx.ConnectError("no route"), Unreachable),
    ],
    ids=["refused", "no problem document", "wrong shape", "nobody there"],
)
def test_no_error_repeats_what_was_secret(answer: httpx.Response | Exception, error: type[Exception]) -> None:
    def service(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(error) as caught:
        Browser("https://api.example", transport=httpx.MockTransport(service)).start("100200300", "Pa55w0rd-canary")
    assert "canary" not in repr(caught.value) + str(caught.value)


def test_no_token_shows_in_a_repr() -> None:
    assert "canary" not in repr(login())
    assert ticket(login(), 1) not in repr(login())


def test_a_refusal_carries_code_title_and_what_helps() -> None:
    service = httpx.MockTransport(lambda _: problem(429, "too_many_attempts", retry_after=30))
    with Wire("https://api.example/", transport=service) as wire, pytest.raises(Refused) as caught:
        wire.send("GET", "/v1/approvals", answer=type(None))
    refused = caught.value
    assert (refused.status, refused.code, refused.title) == (429, "too_many_attempts", "Titel von too_many_attempts")
    assert refused.extras["retry_after"] == 30
