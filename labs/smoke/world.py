"""What the checks look at: the deployed stack, a person with browser and phone, and ways to ask, given from outside."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from labs.smoke.verdicts import NotAsked
from smartident_client.browser import PROTOCOL, ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smartident_cli.story.play import Ending
    from smartident_client.answers import Login
    from smartident_client.browser import Browser
    from smartident_client.phone import Phone


@dataclass(frozen=True)
class Addresses:
    """Where the stack is: the one public URL, and the hosts of API Gateway behind it."""

    public: str
    api: str
    websocket: str

    @property
    def hosts(self) -> list[str]:
        """Their names."""
        return [httpx.URL(one).host for one in (self.public, self.api, self.websocket)]

    @staticmethod
    def of(public: str, api: str, resources: Mapping[str, str]) -> Addresses:
        """Of a stack with one host: there no output names the WebSocket API's own."""
        host = api.replace("https://", "wss://", 1).replace(resources["HttpApi"], resources["WebSocketApi"], 1)
        return Addresses(public, api, f"{host}/ws")


@dataclass
class Story:
    """What became of the eight steps."""

    code_typed: bool = False
    ending: Ending | None = None
    differed: str = "the story was not played"


def _ipv6(host: str) -> list[str]:
    try:
        return [str(one[4][0]) for one in socket.getaddrinfo(host, 443, socket.AF_INET6, socket.SOCK_STREAM)]
    except OSError:
        return []


@dataclass
class World:
    """One trial."""

    addresses: Addresses
    resources: dict[str, str]
    aws: Callable[[str], Any]
    browser: Browser
    phone: Phone
    identifier: str
    password: str = field(repr=False)
    break_functions: Callable[[], str]
    """Deploys functions that die, as a canary, while people call; what CloudFormation says of the stack then."""
    story: Story = field(default_factory=Story)
    http: Callable[[], httpx.Client] = httpx.Client
    socket: Callable[..., ClientConnection] = connect
    addresses_of: Callable[[str], list[str]] = _ipv6
    pause: Callable[[float], None] = time.sleep
    _waiting: Login | None = None
    _links: int = 0

    def waiting(self) -> Login:
        """A login that waits for the phone, the same for every check; raises NotAsked without an enrolled phone."""
        if self.story.ending is None:
            raise NotAsked(f"the story ended early: {self.story.differed}")
        if self._waiting is None:
            self._waiting = self.browser.start(self.identifier, self.password)
        return self._waiting

    def open_socket(self) -> ClientConnection:
        """Another WebSocket of that login: each has a ticket of its own."""
        login = self.waiting()
        return self.browser.connect(login, link=self._next_link())

    def open_socket_directly(self) -> ClientConnection:
        """The same past CloudFront, with a ticket that is as good."""
        offered = [Subprotocol(PROTOCOL), Subprotocol(ticket(self.waiting(), self._next_link()))]
        origin = Origin(self.addresses.public)
        return self.socket(self.addresses.websocket, origin=origin, subprotocols=offered)

    def _next_link(self) -> int:
        self._links += 1
        return self._links
