"""A WSGI application over HTTP/1.1 whose connections are kept: werkzeug's server closes each after one answer."""

from __future__ import annotations

import io
import socket
import sys
import threading
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 65_536


def serve(listener: socket.socket, answer: Callable[[bytes, bytes], bytes]) -> None:
    """Answer every request (head and body) of every connection, each connection in a thread of its own."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_converse, args=(connection, answer), daemon=True).start()


def wsgi_answer(app: Callable[[dict[str, Any], Callable[..., Any]], Any], head: bytes, body: bytes) -> bytes:
    """What a WSGI application answers to a request, as the bytes of HTTP."""
    told: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        # The answer is sent whole: it has a length, and no pieces.
        kept = [f"{name}: {value}" for name, value in headers if name.lower() != "content-length"]
        told[:] = [f"HTTP/1.1 {status}", *kept]
        if not any(name.lower() == "date" for name, _ in headers):
            # As DynamoDB does; the operator's command decides by it.
            told.append(f"Date: {formatdate(usegmt=True)}")

    parts = app(environ(head, body), start_response)
    content = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return "\r\n".join([*told, f"Content-Length: {len(content)}", "", ""]).encode("latin-1") + content


def environ(head: bytes, body: bytes) -> dict[str, Any]:
    """A request as WSGI describes it (PEP 3333)."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, protocol = first.split(" ", 2)
    path, _, query = target.partition("?")
    told: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": protocol,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for line in lines:
        name, _, value = line.partition(":")
        key = name.upper().replace("-", "_")
        told[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value.strip()
    return told


def read_requests(connection: socket.socket) -> Iterator[tuple[bytes, bytes]]:
    """Head and body of every request of a connection, until the other side ends it."""
    held = b""
    while True:
        while b"\r\n\r\n" not in held:
            heard = connection.recv(MAX_BYTES)
            if not heard:
                return
            held += heard
        head, _, held = held.partition(b"\r\n\r\n")
        lines = [line.lower() for line in head.split(b"\r\n")]
        size = next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
        if b"expect: 100-continue" in lines:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(held) < size:
            heard = connection.recv(MAX_BYTES)
            if not heard:
                return
            held += heard
        yield head, held[:size]
        held = held[size:]
        if b"connection: close" in lines:
            return


def _converse(connection: socket.socket, answer: Callable[[bytes, bytes], bytes]) -> None:
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for head, body in read_requests(connection):
                connection.sendall(answer(head, body))
        except OSError:
            return
