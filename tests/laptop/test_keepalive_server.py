"""The server that moto stands behind: one connection carries many requests, and ends when asked to."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import pytest

from smartident_laptop.moto import keepalive_server
from smartident_laptop.ports import LOOPBACK, bind


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Tells what it was asked."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Asked", environ["HTTP_X_ASKED"])])
    asked = [environ[name] for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING")]
    return [" ".join(asked).encode(), b" ", environ["wsgi.input"].read()]


@pytest.fixture(scope="module")
def port() -> int:
    listener = bind(0)
    threading.Thread(
        target=keepalive_server.serve, args=(listener, partial(keepalive_server.wsgi_answer, app)), daemon=True
    ).start()
    return int(listener.getsockname()[1])


def test_one_connection_carries_many_requests(port: int) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, port)
    for number in range(3):
        body = b"x" * 100_000 * number
        connection.request("POST", f"/a%20b?n={number}", body, {"X-Asked": str(number)})
        used = connection.sock
        answer = connection.getresponse()
        assert (answer.status, answer.headers["x-asked"]) == (200, str(number))
        assert answer.read() == f"POST /a b n={number} ".encode() + body
        assert connection.sock is used
    connection.close()


def test_every_answer_tells_the_time(port: int) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, port)
    began = int(time.time())
    connection.request("GET", "/", headers={"X-Asked": "1"})
    assert began <= parsedate_to_datetime(connection.getresponse().headers["Date"]).timestamp() <= time.time()
    connection.close()


def test_a_connection_ends_when_asked_to(port: int) -> None:
    with socket.create_connection((LOOPBACK, port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX-Asked: once\r\nConnection: close\r\n\r\n")
        heard = b""
        while part := connection.recv(65_536):
            heard += part
    assert heard.endswith(b"\r\n\r\nGET /  ")


def test_a_body_announced_first_is_asked_for(port: int) -> None:
    with socket.create_connection((LOOPBACK, port)) as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nX-Asked: 1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ok")
        assert connection.recv(65_536).endswith(b"PUT /  ok")
