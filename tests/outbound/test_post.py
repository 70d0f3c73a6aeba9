"""One POST to an address that somebody else named: to the address that was checked, once, and with an end."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from smartident.outbound import post as outbound
from smartident.outbound.address import target_of
from smartident.outbound.post import Answer, NotDelivered, post
from tests.outbound.certificate import certificate_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.world import World

HOST = "hooks.example.com"


class Receiver(BaseHTTPRequestHandler):
    """Answers what the server says, and keeps what it got."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.got.append((self.path, dict(self.headers), body))
        status, headers = server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiver(*, context: ssl.SSLContext | None = None) -> Iterator[Any]:
    """A server on loopback that keeps what it got in `got`."""
    server: Any = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answer = [], (204, {})
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def talker(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that speaks no HTTP; its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            speak(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        thread.join()
        listening.close()


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name resolve to these, and tell which names were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def connected(port: int) -> socket.socket:
    """A connection to a server on loopback, whatever names resolve to."""
    connection = socket.socket()
    connection.connect(("127.0.0.1", port))
    return connection


@pytest.fixture
def laptop(world: World) -> World:
    world.set(API_URL="http://localhost:8080")
    return world


def test_a_post_arrives_as_it_was_given_and_its_status_comes_back(laptop: World) -> None:
    with receiver() as server:
        server.answer = (429, {"Retry-After": "7"})
        url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
        assert post(url, b"body", {"Content-Type": "text/plain"}) == Answer(429, "7")
    path, headers, body = server.got[0]
    assert (path, headers["Content-Type"], body) == ("/hook?x=1", "text/plain", b"body")
    assert laptop.now


@pytest.mark.usefixtures("laptop")
def test_a_redirect_is_an_answer_like_any_other() -> None:
    with receiver() as server:
        server.answer = (307, {"Location": f"http://127.0.0.1:{server.server_port}/elsewhere"})
        assert post(f"http://127.0.0.1:{server.server_port}/", b"", {}).status == 307
    assert len(server.got) == 1


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("inner", ["127.0.0.1", "169.254.169.254", "10.0.0.7", "::1", "fd00:ec2::254"])
def test_a_name_that_resolves_to_an_inner_address_is_not_called(monkeypatch: pytest.MonkeyPatch, inner: str) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it was called"))
    for addresses in ((inner,), ("93.184.216.34", inner), ()):
        resolves_to(monkeypatch, *addresses)
        with pytest.raises(NotDelivered) as told:
            post(f"https://{HOST}/hook", b"", {})
        assert HOST not in str(told.value)


@pytest.mark.usefixtures("world")
def test_an_address_that_may_not_be_called_is_not_even_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolves_to(monkeypatch, "93.184.216.34")
    with pytest.raises(NotDelivered):
        post("https://169.254.169.254/latest", b"", {})
    assert asked == []


@pytest.mark.usefixtures("world")
def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to something else a moment later (DNS rebinding) gains nothing; IPv4 goes first."""
    asked = resolves_to(monkeypatch, "2606:4700::1111", "93.184.216.34", "93.184.216.35")
    called: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], *_: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(NotDelivered, match="ConnectionRefusedError"):
        post(f"https://{HOST}/hook", b"", {})
    assert asked == [HOST]
    assert called == [("93.184.216.34", 443), ("93.184.216.35", 443)]


@pytest.mark.usefixtures("world")
def test_a_name_that_does_not_resolve_is_told_without_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotDelivered, match=r"^no such host$"):
        post(f"https://{HOST}/hook", b"", {})


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("name", "arrives"), [(HOST, True), ("other.example.com", False)])
def test_the_certificate_must_be_of_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, arrives: bool
) -> None:
    certificate, key = certificate_for(name, tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    monkeypatch.setattr(outbound, "_trusted", lambda: ssl.create_default_context(cafile=str(certificate)))
    resolves_to(monkeypatch, "93.184.216.34")
    with receiver(context=server_side) as server:
        monkeypatch.setattr(socket, "create_connection", lambda *_: connected(server.server_port))
        if arrives:
            assert post(f"https://{HOST}/hook", b"x", {}).status == 204
        else:
            with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
                post(f"https://{HOST}/hook", b"x", {})
    assert len(server.got) == arrives


def test_the_trusted_certificates_are_the_systems_and_names_are_checked() -> None:
    context = outbound._trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.usefixtures("laptop")
def test_who_answers_byte_by_byte_does_not_hold_the_function() -> None:
    """Each read has a time of its own: only the end of the whole bounds them together."""
    given_up = threading.Event()

    def drip(connection: socket.socket) -> None:
        try:
            while not given_up.wait(0.05):
                connection.sendall(b"H")
        except OSError:
            return

    with talker(drip) as port:
        with pytest.raises(NotDelivered):
            post(f"http://127.0.0.1:{port}/", b"", {}, seconds=0.3)
        given_up.set()


@pytest.mark.usefixtures("world")
def test_a_name_server_that_never_answers_does_not_hold_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = threading.Event()

    def silent(*_: object, **__: object) -> None:
        given_up.wait(60)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with pytest.raises(NotDelivered, match=r"^no answer in time$"):
        post(f"https://{HOST}/hook", b"", {}, seconds=0.1)
    assert not given_up.is_set()
    given_up.set()


@pytest.mark.usefixtures("laptop")
def test_what_we_did_wrong_ourselves_is_our_fault_and_nothing_of_it_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ValueError, match="Invalid header"):
        post("http://127.0.0.1:1/", b"", {"Authorization": "Bearer two\nlines"})
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("laptop")
def test_what_is_no_http_is_not_delivered() -> None:
    with talker(lambda connection: connection.sendall(b"no http\r\n\r\n")) as port, pytest.raises(NotDelivered):
        post(f"http://127.0.0.1:{port}/", b"", {})


def test_an_end_that_comes_before_the_connection_or_after_the_other_side_left_hurts_nobody() -> None:
    target = target_of("https://hooks.example.com/")
    connection = outbound._Pinned(target, 1)
    connection.give_up()
    connection.sock = socket.socket()
    connection.give_up()
    assert isinstance(connection, http.client.HTTPConnection)
    connection.close()
