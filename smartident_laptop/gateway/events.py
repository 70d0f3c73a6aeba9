"""API Gateway's events, field by field: HTTP payload 2.0 and WebSocket."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from smartident_laptop.intrinsics import ACCOUNT

API_ID = "local"
CLOCK = "%d/%b/%Y:%H:%M:%S +0000"
_TEXT = ("text/", "application/json", "application/javascript", "application/xml")


@dataclass(frozen=True)
class Request:
    """What a client sent, before API Gateway makes an event of it; header names and values in the client's order."""

    method: str
    raw_path: str
    headers: list[tuple[str, str]]
    domain: str
    query: str = ""
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    port: int = 443
    scheme: str = "https"
    request_id: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(11)).decode())

    def header(self, name: str) -> str:
        """The header's values joined by commas, or an empty text."""
        return ",".join(value for key, value in self.headers if key.lower() == name)


def http_event(request: Request, *, route: str, path_parameters: dict[str, str], at: datetime) -> dict[str, Any]:
    """The event of payload format 2.0 that API Gateway hands to the function of a route."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": unquote(request.raw_path),
        "rawQueryString": request.query,
        "headers": _lowered(request),
        "requestContext": _http_context(request, route, at),
        "isBase64Encoded": False,
    }
    cookies = [part.strip() for part in request.header("cookie").replace(",", ";").split(";") if part.strip()]
    query = _joined(parse_qsl(request.query, keep_blank_values=True))
    parameters = {name: unquote(value) for name, value in path_parameters.items()}
    event |= {
        name: value
        for name, value in (("cookies", cookies), ("queryStringParameters", query), ("pathParameters", parameters))
        if value
    }
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request)
    return event


def _http_context(request: Request, route: str, at: datetime) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": request.domain,
        "domainPrefix": request.domain.split(".")[0].split(":")[0],
        "http": {
            "method": request.method,
            "path": unquote(request.raw_path),
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent"),
        },
        "requestId": request.request_id,
        "routeKey": route,
        "stage": "$default",
        "time": at.strftime(CLOCK),
        "timeEpoch": int(at.timestamp() * 1000),
    }


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _lowered(request: Request) -> dict[str, str]:
    headers = _joined([(name.lower(), value) for name, value in request.headers if name.lower() != "cookie"])
    return headers | _forwarded(request)


def _forwarded(request: Request) -> dict[str, str]:
    return {
        "x-amzn-trace-id": f"Root=1-{secrets.token_hex(4)}-{secrets.token_hex(12)}",
        "x-forwarded-for": ", ".join(filter(None, (request.header("x-forwarded-for"), request.source_ip))),
        "x-forwarded-port": str(request.port),
        "x-forwarded-proto": request.scheme,
    }


def _body(request: Request) -> tuple[str, bool]:
    """The body as text where its type says text and it is text, else in base64."""
    kind = request.header("content-type").partition(";")[0].strip().lower()
    if kind.startswith(_TEXT) or kind.endswith(("+json", "+xml")):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(request.body).decode(), True


@dataclass(frozen=True)
class Connection:
    """One WebSocket connection as API Gateway describes it in every one of its events."""

    domain: str
    stage: str
    source_ip: str
    user_agent: str
    connected_at: int
    connection_id: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(11)).decode())

    def context(self, route: str, kind: str, at: datetime) -> dict[str, Any]:
        """The requestContext that both kinds of event share."""
        request_id = base64.b64encode(secrets.token_bytes(11)).decode()
        return {
            "routeKey": route,
            "eventType": kind,
            "extendedRequestId": request_id,
            "requestTime": at.strftime(CLOCK),
            "messageDirection": "IN",
            "stage": self.stage,
            "connectedAt": self.connected_at,
            "requestTimeEpoch": int(at.timestamp() * 1000),
            "identity": {"userAgent": self.user_agent, "sourceIp": self.source_ip},
            "requestId": request_id,
            "domainName": self.domain,
            "connectionId": self.connection_id,
            "apiId": API_ID,
        }


def connect_event(connection: Connection, request: Request, at: datetime) -> dict[str, Any]:
    """The event of `$connect`, with the handshake's headers under the names that browsers write."""
    forwarded = _forwarded(request)
    pairs = [pair for pair in request.headers if pair[0].lower() not in forwarded] + list(forwarded.items())
    every: dict[str, list[str]] = {}
    for name, value in pairs:
        every.setdefault(_written(name), []).append(value)
    event: dict[str, Any] = {
        "headers": {name: values[-1] for name, values in every.items()},
        "multiValueHeaders": every,
        "requestContext": connection.context("$connect", "CONNECT", at),
        "isBase64Encoded": False,
    }
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    if query:
        event["queryStringParameters"] = {name: values[-1] for name, values in query.items()}
        event["multiValueQueryStringParameters"] = query
    return event


def message_event(connection: Connection, route: str, text: str, at: datetime) -> dict[str, Any]:
    """The event of a message that the page sent."""
    context = connection.context(route, "MESSAGE", at)
    return {
        "requestContext": {**context, "messageId": context["requestId"]},
        "body": text,
        "isBase64Encoded": False,
    }


def _written(name: str) -> str:
    """A header's name as browsers and API Gateway write it: `Sec-WebSocket-Protocol`."""
    return "-".join(part.capitalize() for part in name.split("-")).replace("Websocket", "WebSocket")


def now() -> datetime:
    """The time that an event bears."""
    return datetime.now(UTC)
