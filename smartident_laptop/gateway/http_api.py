"""API Gateway's HTTP API: the template's routes, in front of the functions."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from smartident_laptop.gateway.cors import answer_headers, is_preflight, preflight_headers
from smartident_laptop.gateway.events import Request, http_event, now
from smartident_laptop.runtime.containers import FunctionFailed

if TYPE_CHECKING:
    from starlette.requests import Request as Asked

    from smartident_laptop.gateway.integration import Integration
    from smartident_laptop.template import Route, Template

BODY_LIMIT = 10 * 1024 * 1024
HEADER_LIMIT = 10_240


class TooLarge(Exception):  # noqa: N818  a state of the request
    """The body is larger than API Gateway takes."""


def message(status: int, text: str) -> Response:
    """An answer that API Gateway gives by itself."""
    return Response(json.dumps({"message": text}), status, media_type="application/json")


class HttpApi:
    """Answers the template's routes by its functions, and everything else as API Gateway does."""

    def __init__(self, template: Template, integration: Integration) -> None:
        self.cors = template.cors
        self.integration = integration
        # A literal segment wins over a parameter, as API Gateway has it.
        self._routes = sorted(template.routes, key=lambda route: route.path.count("{"))
        self.prefixes = {route.path.split("/")[1] for route in template.routes}

    async def answer(self, asked: Asked) -> Response:
        """The answer to any request, with the CORS headers that the template declares."""
        origin = asked.headers.get("origin")
        if origin is not None and is_preflight(asked.method, asked.headers):
            return Response(status_code=204, headers=preflight_headers(self.cors, origin))
        started = time.perf_counter()
        response = await self._answer(asked)
        for name in [name for name in response.headers if name.startswith("access-control-")]:
            del response.headers[name]
        response.headers.update(answer_headers(self.cors, origin))
        self.integration.on_request(asked.method, asked.url.path, response.status_code, time.perf_counter() - started)
        return response

    def matched(self, method: str, raw_path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a request and the raw values of its path parameters."""
        segments = raw_path.split("/")
        for route in self._routes:
            parts = route.path.split("/")
            if route.method not in {method, "ANY"} or len(parts) != len(segments):
                continue
            parameters = {part[1:-1]: got for part, got in zip(parts, segments, strict=True) if part.startswith("{")}
            if all(part == got or part[1:-1] in parameters for part, got in zip(parts, segments, strict=True)):
                return None if "" in parameters.values() else (route, parameters)
        return None

    async def _answer(self, asked: Asked) -> Response:
        raw_path = asked.scope.get("raw_path", quote(asked.url.path).encode()).decode("latin-1").partition("?")[0]
        match = self.matched(asked.method, raw_path)
        if match is None:
            return message(404, "Not Found")
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in asked.headers.raw]
        if sum(len(name) + len(value) for name, value in headers) + len(raw_path) > HEADER_LIMIT:
            return message(431, "Request Header Fields Too Large")
        try:
            body = await _body(asked)
        except TooLarge:
            return message(413, "Request Entity Too Large")
        except ClientDisconnect:
            return message(400, "Bad Request")
        request = Request(
            method=asked.method,
            raw_path=raw_path,
            headers=headers,
            domain=self.integration.domain,
            query=asked.url.query,
            body=body,
            source_ip=asked.client.host if asked.client else "127.0.0.1",
            port=asked.url.port or 80,
            scheme=asked.url.scheme,
        )
        route, parameters = match
        event = http_event(request, route=route.key, path_parameters=parameters, at=now())
        return await self._invoked(route, event)

    async def _invoked(self, route: Route, event: dict[str, Any]) -> Response:
        try:
            got = await self.integration.invoke(route.function, event)
            response = _response(got)
        except FunctionFailed as failure:
            self.integration.on_failure(str(failure))
            return message(500, "Internal Server Error")
        except (TypeError, ValueError, AttributeError) as error:
            self.integration.on_failure(f"{route.function} answered what API Gateway cannot read: {error}")
            return message(500, "Internal Server Error")
        response.headers["apigw-requestid"] = event["requestContext"]["requestId"]
        return response


async def _body(asked: Asked) -> bytes:
    body = bytearray()
    async for part in asked.stream():
        body += part
        if len(body) > BODY_LIMIT:
            raise TooLarge
    return bytes(body)


def _response(got: Any) -> Response:
    """The function's answer as HTTP (payload 2.0: without a statusCode the whole answer is the JSON body)."""
    if not isinstance(got, dict) or "statusCode" not in got:
        return Response(json.dumps(got), 200, media_type="application/json")
    text = got.get("body") or ""
    content = base64.b64decode(text) if got.get("isBase64Encoded") else text.encode()
    response = Response(content, int(got["statusCode"]))
    headers = {str(name).lower(): str(value) for name, value in (got.get("headers") or {}).items()}
    if content:
        headers.setdefault("content-type", "text/plain;charset=utf-8")
    headers.pop("content-length", None)
    response.headers.update(headers)
    for cookie in got.get("cookies") or ():
        response.headers.append("set-cookie", cookie)
    return response
