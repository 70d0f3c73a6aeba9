"""The WebSocket's function, called by Lambda's own API: the stand-in keeps no log of what its WebSocket API calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labs.rehearsal.deployment import LIVE
from smartident_client.browser import PROTOCOL, ticket
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from labs.rehearsal.walker import Walker

LINK = 8
"""The last WebSocket of a login: no other scene opens it."""


def ask_behind_socket(walker: Walker) -> None:
    """Connect and ask once more, so that the log holds what the function meets."""
    login, deployment = walker.start(), walker.deployment
    connect, asked = _event("connect"), _event("default")
    connect["headers"]["Sec-WebSocket-Protocol"] = f"{PROTOCOL}, {ticket(login, LINK)}"
    asked["body"] = json.dumps({"action": "status", "login_id": login.login_id})
    client, routes = deployment.stand_in.client("lambda"), deployment.routes("WebSocketApi")
    for event in (connect, asked):
        function = deployment.resources[routes[event["requestContext"]["routeKey"]]]
        client.invoke(FunctionName=function, Qualifier=LIVE, Payload=json.dumps(event).encode())
    walker.browser.cancel(login)


def _event(name: str) -> dict[str, Any]:
    """API Gateway's event of a route, with the origin that the rehearsal's page has."""
    found: dict[str, Any] = json.loads((ROOT / "events" / f"websocket-{name}.json").read_text(encoding="utf-8"))
    return found
