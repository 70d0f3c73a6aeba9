"""One client's HTTP connection to a server, for both sides the same, so that the client costs the same."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 120


class Declined(Exception):  # noqa: N818  what a server did
    """The server answered otherwise than the job needs."""


@dataclass
class Conversation:
    """Requests of one client, over one connection while the server keeps it open."""

    url: str
    asked: int = 0
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def form(self, method: str, path: str, fields: Mapping[str, object], **headers: str) -> dict[str, Any]:
        """Ask with a form, or with a query where there is no body; the JSON of the answer."""
        encoded = urlencode(fields)
        if method == "GET":
            return self.ask(method, f"{path}?{encoded}", None, headers)
        return self.ask(
            method, path, encoded.encode(), {"Content-Type": "application/x-www-form-urlencoded", **headers}
        )

    def json(self, method: str, path: str, body: bytes, **headers: str) -> dict[str, Any]:
        """Ask with JSON; the JSON of the answer."""
        return self.ask(method, path, body, {"Content-Type": "application/json", **headers})

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> dict[str, Any]:
        """Send one request; raises Declined unless the answer is a success."""
        self.asked += 1
        try:
            return self._answered(method, path, body, headers)
        except http.client.RemoteDisconnected:
            # The server ended a connection that was idle too long; a new one is made.
            return self._answered(method, path, body, headers)

    def _answered(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> dict[str, Any]:
        if self._connection is None:
            address = urlsplit(self.url)
            self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)
        try:
            self._connection.request(method, path, body, {"User-Agent": "bench/1", **headers})
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.status not in range(200, 300):
            raise Declined(f"{method} {path.partition('?')[0]} answered {answer.status}: {text[:300].decode()}")
        found: dict[str, Any] = json.loads(text or b"{}")
        return found

    def close(self) -> None:
        """Give the connection back; the next request makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
