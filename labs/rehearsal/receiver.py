"""Whom functions call outside AWS: the server of a client and the push service of a browser, on loopback."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from smartident_cli.story.play import Differs
from smartident_laptop.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CREATED = 201
GONE, GONE_PATH = 410, "/gone"
"""Where a push service knows no such subscription any more (RFC 8030 7.3)."""


@dataclass(frozen=True)
class Heard:
    """One POST that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    # By the clock of time.perf_counter, as it is answered.
    at: float


class Receiver:
    """Takes every POST, from its start to its end."""

    def __init__(self) -> None:
        self._heard: list[Heard] = []
        self._news = threading.Condition()
        self._server = ThreadingHTTPServer((LOOPBACK, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def heard(self, path: str, seconds: float, fits: Callable[[Heard], bool] = lambda _: True) -> Heard:
        """What was posted to a path and fits; raises Differs if nothing is within so many seconds."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                for one in self._heard:
                    if one.path == path and fits(one):
                        return one
                if not self._news.wait(deadline - time.monotonic()):
                    raise Differs(f"nobody posted to {path}")

    def _take(self, one: Heard) -> None:
        with self._news:
            self._heard.append(one)
            self._news.notify_all()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(GONE if self.path.startswith(GONE_PATH) else CREATED)
                self.send_header("Content-Length", "0")
                self.end_headers()
                take(Heard(self.path, dict(self.headers.items()), body, time.perf_counter()))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
