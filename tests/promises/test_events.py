"""events/ holds one event for each route, made by one tool; each runs through its function, answered as promised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from smartident_laptop.template import ROOT, Template
from tests.contract.contract import CONTRACT
from tools.events import differences, make_events

if TYPE_CHECKING:
    from tests.support.world import World

TEMPLATE = Template()
EVENTS: dict[str, dict[str, Any]] = {
    path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "events").glob("*.json"))
}
HTTP = {name: event for name, event in EVENTS.items() if "http" in event["requestContext"]}
SOCKET = {name: event for name, event in EVENTS.items() if name not in HTTP}
HANDLERS = {route.key: TEMPLATE.functions[route.function].handler for route in TEMPLATE.routes}
HANDLERS |= {key: TEMPLATE.functions[route.function].handler for key, route in TEMPLATE.socket_routes.items()}


def test_each_route_has_one_event_and_each_event_a_route() -> None:
    assert sorted(event["requestContext"]["routeKey"] for event in EVENTS.values()) == sorted(HANDLERS)


def test_nobody_edited_one() -> None:
    assert differences(make_events(TEMPLATE)) == []


@pytest.mark.parametrize("name", HTTP)
def test_an_http_event_gets_an_answer_that_the_contract_promises(name: str, world: World) -> None:
    """Nobody registered, logged in or signed anything, so most are refused; none is a fault."""
    event = HTTP[name]
    asked = event["requestContext"]["http"]
    status, headers, body = world.invoke(HANDLERS[event["routeKey"]], event)
    content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    request = httpx.Request(asked["method"], f"https://{event['requestContext']['domainName']}{asked['path']}")
    assert CONTRACT.judge(httpx.Response(status, headers=headers, content=content, request=request)) == []
    assert status < 500


@pytest.mark.parametrize("name", SOCKET)
def test_a_socket_event_gets_an_answer_that_the_contract_promises(name: str, world: World) -> None:
    """The page of the events is none of this operator's, and its connection bound to no login."""
    event = SOCKET[name]
    route = event["requestContext"]["routeKey"]
    status, _, _ = world.invoke(HANDLERS[route], event)
    assert status == {"$connect": 403, "$default": 200}[route]


def test_no_event_holds_anybodys_secret() -> None:
    """What they hold was never a person's: reserved names and addresses, keys out of RFC 7517."""
    text = json.dumps(EVENTS)
    assert "203.0.113.7" in text
    assert ".example" in text
    assert "amazonaws.com" in text
    assert "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU" in text
