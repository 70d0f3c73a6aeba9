"""A browser tab: the login page's WebSocket, through the handler of the template's socket routes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartident.crypto.random import digest
from smartident.logins.socket_tickets import TICKETS
from smartident_laptop.gateway.events import Connection, Request, connect_event, message_event, now
from tests.support.world import AGENT, HOME, ORIGIN, TEMPLATE

if TYPE_CHECKING:
    from tests.support.world import World

DOMAIN = "socket.example.test"


def ticket(login_id: str, login_token: str, link: int = 1) -> str:
    """The subprotocol of the k-th connection of a login, made from its token as the page makes it."""
    secret = "smartident-ticket:v1:" + login_token
    for _ in range(TICKETS + 1 - link):
        secret = digest(secret)
    return f"{login_id}.{secret}"


@dataclass
class Tab:
    """One connection of one page."""

    world: World
    connection: Connection = field(default_factory=lambda: Connection(DOMAIN, "live", HOME, AGENT, 1))

    def connect(self, *protocols: str, origin: str | None = ORIGIN) -> tuple[int, dict[str, str]]:
        """Ask for the connection; the status and the headers of the handshake."""
        status, headers, _ = self.send("$connect", self.handshake(*protocols, origin=origin))
        return status, headers

    def handshake(self, *protocols: str, origin: str | None = ORIGIN) -> dict[str, Any]:
        """The event of the handshake."""
        headers = [("sec-websocket-protocol", ", ".join(protocols))] if protocols else []
        headers += [("origin", origin)] if origin is not None else []
        return connect_event(self.connection, Request("GET", "/", headers, DOMAIN), now())

    def open(self, login_id: str, login_token: str, link: int = 1) -> int:
        """Connect as the page does; the status of the handshake."""
        return self.connect("smartident.v1", ticket(login_id, login_token, link))[0]

    def ask(self, login_id: str) -> dict[str, str]:
        """Ask for the status and hear the answer."""
        self.say(json.dumps({"action": "status", "login_id": login_id}))
        return self.heard[-1]

    def say(self, text: str) -> int:
        """Send a text, whatever it is."""
        status, _, hint = self.send("$default", message_event(self.connection, "$default", text, now()))
        if hint is not None and TEMPLATE.socket_routes["$default"].answers:
            self.world.aws.posts.append((self.connection.connection_id, hint))
        return status

    @property
    def heard(self) -> list[dict[str, str]]:
        """What the service told this connection."""
        return self.world.aws.heard(self.connection.connection_id)

    def send(self, route: str, event: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        """Call the handler that the template routes the event to."""
        handler = TEMPLATE.functions[TEMPLATE.socket_routes[route].function].handler
        return self.world.invoke(handler, event)
