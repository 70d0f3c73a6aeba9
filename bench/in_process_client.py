"""The handlers in this process, called as a Lambda container calls them, and the processors' time of each call."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from smartident_laptop.gateway.events import Connection, Request, connect_event, http_event, message_event, now
from smartident_laptop.runtime.container import LambdaContext
from smartident_laptop.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DOMAIN = "api.example.com"
URL = f"https://{DOMAIN}"
ORIGIN = "https://finance.example.com"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0 Safari/537.36"
SOURCE = "198.51.100.7"
SETTINGS = {
    "API_URL": URL,
    "WEBSOCKET_URL": f"wss://{DOMAIN}/live",
    "CONNECTIONS_URL": "http://localhost/live",
    "ALLOWED_ORIGINS": ORIGIN,
    "CLIENT_ORIGINS": ORIGIN,
    "CLIENT_REDIRECT_URI": f"{ORIGIN}/signed-in",
    "WEBAUTHN_RP_ID": DOMAIN,
    "WEBAUTHN_ORIGINS": ORIGIN,
    "APP_WEB_URL": f"{ORIGIN}/app/",
    "SMS_ORIGIN_HOST": DOMAIN,
    # A recorded login is repeated for as long as the measuring takes.
    "LOGIN_LIFETIME": "3600",
    "SMS_CODE_LIFETIME": "3600",
    # Many people enrol from one place in one minute.
    "SMS_PER_PREFIX_DAY": "1000000",
    "POWERTOOLS_SERVICE_NAME": "smartident",
}


class Declined(Exception):  # noqa: N818  the service's own word
    """A handler answered otherwise than the journey needs."""


@dataclass
class InProcessClient:
    """Hands events to the handlers that the template routes them to."""

    template: Template = field(default_factory=Template)
    connection: Connection = field(default_factory=lambda: Connection(DOMAIN, "live", SOURCE, AGENT, 1))
    # What each handler call took since the last look, by its route.
    spent: dict[str, float] = field(default_factory=dict)
    around: Callable[[Callable[[], Any]], Any] = lambda call: call()

    def http(
        self,
        route: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """What a route of the HTTP API answers; raises Declined if it is no success."""
        method, _, path = route.partition(" ")
        sent = {"host": DOMAIN, "user-agent": AGENT, "origin": ORIGIN, "accept-language": "de-DE,de;q=0.9"}
        sent |= {"content-type": "application/json"} if body else {}
        pairs = list({**sent, **(headers or {})}.items())
        parameters = dict(names or {})
        request = Request(method, path.format(**parameters), pairs, DOMAIN, "", body, SOURCE)
        event = http_event(request, route=route, path_parameters=parameters, at=now())
        function = next(one.function for one in self.template.routes if one.key == route)
        return self._called(route, self.template.functions[function].handler, event)

    def connect(self, *protocols: str) -> None:
        """Open a socket."""
        headers = [("host", DOMAIN), ("origin", ORIGIN), ("user-agent", AGENT)]
        request = Request("GET", "/live", [*headers, ("sec-websocket-protocol", ", ".join(protocols))], DOMAIN)
        self._socket("$connect", connect_event(self.connection, request, now()))

    def say(self, message: dict[str, str]) -> None:
        """Say something over the socket."""
        self._socket("$default", message_event(self.connection, "$default", json.dumps(message), now()))

    def _socket(self, route: str, event: dict[str, Any]) -> None:
        function = self.template.socket_routes[route].function
        self._called(route, self.template.functions[function].handler, event)

    def _called(self, route: str, handler: str, event: dict[str, Any]) -> dict[str, Any]:
        module, _, name = handler.rpartition(".")
        function, context = getattr(import_module(module), name), LambdaContext("measured", 1769, 10, "measured")
        began = time.process_time()
        answer = self.around(lambda: function(event, context))
        self.spent[route] = self.spent.get(route, 0.0) + time.process_time() - began
        if answer["statusCode"] >= 300:  # noqa: PLR2004  HTTP's classes
            raise Declined(f"{route}: {answer['statusCode']} {answer.get('body')}")
        return dict(json.loads(answer.get("body") or "{}"))
