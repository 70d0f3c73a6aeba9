"""The gateway on a real port, in front of a function that the test writes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from smartident_laptop.gateway.app import SOCKET_PATH, Gateway
from smartident_laptop.gateway.http_api import HttpApi
from smartident_laptop.gateway.integration import Integration
from smartident_laptop.gateway.pages import Pages
from smartident_laptop.gateway.push_service import PushService
from smartident_laptop.gateway.server import Server
from smartident_laptop.gateway.websocket_api import WebSocketApi
from smartident_laptop.moto.cloud import Cloud
from smartident_laptop.ports import bind
from smartident_laptop.template import Template

PAGE = "https://pages.example"
STRANGER = "https://stranger.example"

Event = dict[str, Any]


@dataclass
class Functions:
    """Every function of the template at once: remembers its events and answers what the test says."""

    answer: Callable[[str, Event], Any] = lambda _function, _event: {"statusCode": 200}
    events: list[tuple[str, Event]] = field(default_factory=list)

    def invoke(self, logical_id: str, event: Event) -> Any:
        self.events.append((logical_id, event))
        return self.answer(logical_id, event)

    def __getitem__(self, route: str) -> Event:
        """The last event of a route."""
        return [event for _, event in self.events if event["requestContext"]["routeKey"] == route][-1]


@dataclass
class Running:
    """A gateway that listens, and what it told its developer."""

    port: int
    functions: Functions
    failures: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}{SOCKET_PATH}"

    def send(self, method: str, path: str, **sent: Any) -> httpx.Response:
        with httpx.Client(base_url=self.url, trust_env=False) as client:
            return client.request(method, path, **sent)


@contextmanager
def serving() -> Iterator[Running]:
    listener = bind(0)
    port = listener.getsockname()[1]
    template = Template(parameters={"AllowedOrigins": PAGE})
    running = Running(port, Functions(), [])
    with ThreadPoolExecutor(8) as executor:
        integration = Integration(
            running.functions.invoke, executor, f"localhost:{port}", lambda *_: None, running.failures.append
        )
        pages = Pages(api=running.url, websocket=running.websocket_url)
        apis = HttpApi(template, integration), WebSocketApi(template, integration)
        server = Server(Gateway(*apis, pages, Cloud(template), PushService()).app(), listener)
        server.start()
        yield running
        server.stop()


@pytest.fixture
def gateway() -> Iterator[Running]:
    with serving() as running:
        yield running
