"""API Gateway's WebSocket API: the template's routes, and `@connections`, where a gone connection is a true 410."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from smartident_laptop.gateway.events import Connection, Request, connect_event, message_event, now
from smartident_laptop.gateway.server import FRAME_LIMIT
from smartident_laptop.runtime.containers import FunctionFailed

if TYPE_CHECKING:
    from starlette.requests import Request as Asked

    from smartident_laptop.gateway.integration import Integration
    from smartident_laptop.template import Template

UNSUPPORTED_DATA = 1003


@dataclass
class OpenConnection:
    """A connection that pages and functions can write to."""

    connection: Connection
    websocket: WebSocket
    last_active: datetime


class WebSocketApi:
    """Hands connects and messages to the template's functions, and lets these write to connections."""

    def __init__(self, template: Template, integration: Integration) -> None:
        self.routes = template.socket_routes
        self.stage = template.socket_stage
        self.selection = template.route_selection
        self.integration = integration
        self._open: dict[str, OpenConnection] = {}

    async def serve(self, websocket: WebSocket) -> None:
        """Live through one connection, from its handshake to its end."""
        request = _handshake(websocket, self.integration.domain)
        agent, since = request.header("user-agent"), int(now().timestamp() * 1000)
        connection = Connection(self.integration.domain, self.stage, request.source_ip, agent, since)
        status, protocol = await self._asked_to_connect(connection, request)
        self.integration.on_request("GET", websocket.url.path, 101 if status < 300 else status, 0)  # noqa: PLR2004  2xx lets in
        if status >= 300:  # noqa: PLR2004
            await websocket.receive()
            await websocket.send_denial_response(Response(status_code=status))
            return
        await websocket.accept(protocol)
        self._open[connection.connection_id] = OpenConnection(connection, websocket, now())
        try:
            await self._talk(connection, websocket)
        finally:
            self._open.pop(connection.connection_id, None)

    async def manage(self, asked: Asked) -> Response:
        """`@connections/{id}`: POST writes to the page, GET tells about it, DELETE ends it; 410 where it is gone."""
        if not asked.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return _refused(403, "ForbiddenException", "Missing Authentication Token")
        live = self._open.get(unquote(asked.path_params["connection_id"]))
        if live is None:
            return _refused(410, "GoneException", "")
        if asked.method == "GET":
            return Response(json.dumps(_described(live)), media_type="application/json")
        if asked.method == "DELETE":
            await live.websocket.close()
            return Response(status_code=204)
        body = await asked.body()
        if len(body) > FRAME_LIMIT:
            return _refused(413, "PayloadTooLargeException", "")
        return await self._written(live, body.decode())

    async def _written(self, live: OpenConnection, text: str) -> Response:
        try:
            await live.websocket.send_text(text)
        except (RuntimeError, WebSocketDisconnect):
            return _refused(410, "GoneException", "")
        live.last_active = now()
        return Response()

    async def _asked_to_connect(self, connection: Connection, request: Request) -> tuple[int, str | None]:
        """What `$connect` says: the status of the handshake and the subprotocol it chose."""
        if "$connect" not in self.routes:
            return 200, None
        try:
            got = await self._run("$connect", connect_event(connection, request, now()))
            headers = {str(name).lower(): str(value) for name, value in (got.get("headers") or {}).items()}
            return int(got.get("statusCode", 200)), headers.get("sec-websocket-protocol")
        except (FunctionFailed, AttributeError, ValueError) as failure:
            self.integration.on_failure(str(failure))
            return 500, None

    async def _talk(self, connection: Connection, websocket: WebSocket) -> None:
        """Hand over every message until the page or a function ends the connection."""
        while True:
            heard = await websocket.receive()
            if heard["type"] == "websocket.disconnect":
                return
            text = heard.get("text")
            if text is None:
                await websocket.close(UNSUPPORTED_DATA)
                return
            self._open[connection.connection_id].last_active = now()
            await self._message(connection, websocket, text)

    async def _message(self, connection: Connection, websocket: WebSocket, text: str) -> None:
        key = self._route_of(text)
        if key is None:
            await self._say(websocket, connection, "Forbidden")
            return
        event = message_event(connection, key, text, now())
        answered, got = await self._invoke(key, event)
        if not answered:
            await self._say(websocket, connection, "Internal server error")
        elif self.routes[key].answers and isinstance(got, dict) and got.get("body"):
            await websocket.send_text(str(got["body"]))

    def _route_of(self, text: str) -> str | None:
        """The route that the selection expression (`$request.body.action`) finds for a message."""
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        wanted = body.get(self.selection) if isinstance(body, dict) and self.selection else None
        if isinstance(wanted, str) and wanted in self.routes and not wanted.startswith("$"):
            return wanted
        return "$default" if "$default" in self.routes else None

    async def _invoke(self, key: str, event: dict[str, Any]) -> tuple[bool, Any]:
        try:
            return True, await self._run(key, event)
        except FunctionFailed as failure:
            self.integration.on_failure(str(failure))
            return False, None

    async def _run(self, key: str, event: dict[str, Any]) -> Any:
        return await self.integration.invoke(self.routes[key].function, event)

    async def _say(self, websocket: WebSocket, connection: Connection, text: str) -> None:
        if websocket.application_state is WebSocketState.CONNECTED:
            says = {"message": text, "connectionId": connection.connection_id, "requestId": connection.connection_id}
            await websocket.send_text(json.dumps(says))


def _handshake(websocket: WebSocket, domain: str) -> Request:
    return Request(
        method="GET",
        raw_path=websocket.url.path,
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in websocket.headers.raw],
        domain=domain,
        query=websocket.url.query,
        source_ip=websocket.client.host if websocket.client else "127.0.0.1",
        port=websocket.url.port or 80,
        scheme="http",
    )


def _refused(status: int, kind: str, text: str) -> Response:
    return Response(
        json.dumps({"message": text}) if text else b"",
        status,
        {"x-amzn-errortype": kind},
        media_type="application/json",
    )


def _described(live: OpenConnection) -> dict[str, object]:
    connected = datetime.fromtimestamp(live.connection.connected_at / 1000, UTC)
    return {
        "connectedAt": connected.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "identity": {"sourceIp": live.connection.source_ip, "userAgent": live.connection.user_agent},
        "lastActiveAt": live.last_active.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
