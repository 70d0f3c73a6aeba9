"""The laptop stack as one object: `with Stack() as stack: stack.url`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import urlsplit

from smartident_laptop.demo.accounts import DEMO_ACCOUNTS, DemoAccount, DemoClient, demo_clients, enrol_phone, seed
from smartident_laptop.gateway.app import SOCKET_PATH, Gateway
from smartident_laptop.gateway.http_api import HttpApi
from smartident_laptop.gateway.integration import Integration
from smartident_laptop.gateway.pages import Pages
from smartident_laptop.gateway.push_service import PushService
from smartident_laptop.gateway.server import Server
from smartident_laptop.gateway.websocket_api import WebSocketApi
from smartident_laptop.local_parameters import local_parameters
from smartident_laptop.moto.cloud import Cloud, Sms
from smartident_laptop.ports import EVERY_INTERFACE, LOOPBACK, bind
from smartident_laptop.runtime.containers import Containers
from smartident_laptop.runtime.event_source import EventSources, event_sources
from smartident_laptop.template import Template

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

WAITING_REQUESTS = 64


def _silent(*_: object) -> None:
    """Tell nobody."""


class Stack:
    """The whole service on loopback: moto, the functions, the gateway, the pages and the seeded people.

    `port` 0 takes any free port. `parameters` are template.yaml's, `log` gets what the functions print, `on_request`
    every request (method, path, status, seconds) and `on_failure` the traceback of every failed function. `origins` are
    further pages of the laptop's own client, `redirect_uris` further ones of the client `demo`. With a `public_url`
    everybody uses this address, the laptop too: device proofs and passkeys hold for one address.
    """

    _stream: EventSources | None = None

    def __init__(
        self,
        port: int = 0,
        *,
        cloud_port: int = 0,
        parameters: Mapping[str, str] | None = None,
        clients: Sequence[DemoClient] = (),
        origins: Sequence[str] = (),
        redirect_uris: Sequence[str] = (),
        public_url: str = "",
        lan: bool = False,
        seed: bool = True,
        log: IO[str] | None = None,
        on_request: Callable[[str, str, int, float], None] = _silent,
        on_failure: Callable[[str], None] = _silent,
    ) -> None:
        self.port = port
        self.cloud_port = cloud_port
        self.parameters = dict(parameters or {})
        self.clients, self.origins, self.redirect_uris = clients, origins, redirect_uris
        self.public_url, self.lan, self.seed = public_url, lan, seed
        self.log = log
        self.on_request, self.on_failure = on_request, on_failure
        self.cloud: Cloud | None = None
        self.containers: Containers | None = None
        self.environment: dict[str, str] = {}
        self._listener: socket.socket | None = None
        self._server: Server | None = None
        self._executor = ThreadPoolExecutor(WAITING_REQUESTS, thread_name_prefix="gateway")

    @cached_property
    def push_service(self) -> PushService:
        """The push service of this laptop."""
        return PushService()

    @property
    def url(self) -> str:
        """Where the API and the pages are."""
        return self.public_url or self.local_url

    @property
    def websocket_url(self) -> str:
        """Where waiting pages connect."""
        return f"{self._websocket_origin}{SOCKET_PATH}"

    def bind(self) -> socket.socket:
        """Take the port, so that `port` says which it is; raises PortTaken."""
        if self._listener is None:
            self._listener = bind(self.port, EVERY_INTERFACE if self.lan else LOOPBACK)
            self.port = self._listener.getsockname()[1]
        return self._listener

    def start(self) -> None:
        """Start everything; raises PortTaken if a port is not free and FunctionFailed if a handler is broken."""
        listener = self.bind()
        try:
            self._start(listener)
        except BaseException:
            self.stop()
            raise

    def _start(self, listener: socket.socket) -> None:
        template = Template(parameters={**local_parameters(self), **self.parameters})
        self.cloud = cloud = Cloud(template, self.cloud_port)
        cloud.start()
        cloud.provision()
        self.environment = environment = {**template.environment, **cloud.environment, **self._addresses()}
        # Beside the push services of the browsers, the one on this machine.
        environment["PUSH_HOSTS"] += ",localhost"
        self.containers = containers = Containers(template.functions, environment, self.log, self.on_failure)
        containers.start()
        self._serve(template, cloud, containers, listener)
        containers.wait_until_ready()
        self._stream = EventSources(event_sources(template), cloud, containers.invoke, self.on_failure)
        self._stream.start()
        if self.seed or self.clients:
            seed(containers, DEMO_ACCOUNTS if self.seed else (), self._clients_to_seed())

    def stop(self) -> None:
        """Stop everything; what moto held is gone."""
        if self._stream is not None:
            self._stream.stop()
        if self._server is not None:
            self._server.stop()
        self._executor.shutdown(cancel_futures=True)
        if self.containers is not None:
            self.containers.close()
        if self.cloud is not None:
            self.cloud.stop()
        if self._listener is not None:
            self._listener.close()

    def reload(self) -> None:
        """Read the functions anew, all state kept; raises FunctionFailed and keeps the old ones if they are broken."""
        if self.containers is not None:
            self.containers.reload()

    def sms_messages(self, since: int = 0) -> list[Sms]:
        """The SMS sent so far, oldest first; with `since` only those of a higher number."""
        return self.cloud.sms_messages(since) if self.cloud is not None else []

    def enrol(self, account: DemoAccount, file: Path) -> None:
        """Enrol a simulated phone for somebody, as the app does it; its keys go to a file of mode 0600."""
        enrol_phone(account, url=self.url, port=self.port, sms_messages=self.sms_messages, file=file)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def local_url(self) -> str:
        """The address that only this machine uses."""
        return f"http://localhost:{self.port}"

    @property
    def _websocket_origin(self) -> str:
        return "ws" + self.url.removeprefix("http")

    @property
    def host(self) -> str:
        """The name in the address that everybody uses."""
        return urlsplit(self.url).hostname or ""

    @property
    def _own_origins(self) -> tuple[str, ...]:
        addresses = (self.url, self.local_url, f"http://{LOOPBACK}:{self.port}")
        return tuple(dict.fromkeys((*addresses, *self.origins)))

    def _clients_to_seed(self) -> tuple[DemoClient, ...]:
        own = self._own_origins, self.url, self.redirect_uris
        return (*self.clients, *(demo_clients(*own) if self.seed else ()))

    def _addresses(self) -> dict[str, str]:
        return {
            "CONNECTIONS_URL": f"http://{LOOPBACK}:{self.port}{SOCKET_PATH}",
            "WEBSOCKET_URL": self.websocket_url,
        }

    def _serve(self, template: Template, cloud: Cloud, containers: Containers, listener: socket.socket) -> None:
        integration = Integration(
            containers.invoke, self._executor, urlsplit(self.url).netloc, self.on_request, self.on_failure
        )
        pages = Pages(api=self.url, websocket=self._websocket_origin, parameters=template.parameters)
        apis = HttpApi(template, integration), WebSocketApi(template, integration)
        app = Gateway(*apis, pages, cloud, self.push_service, host=self.host).app()
        self._server = Server(app, listener)
        self._server.start()
