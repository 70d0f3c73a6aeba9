"""Everything on one port: HTTP API, WebSocket API, pages, a push service and the inboxes of what was sent."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from smartident_laptop.gateway.demo_page import DemoPage
from smartident_laptop.gateway.docs import Docs
from smartident_laptop.gateway.http_api import HttpApi, message
from smartident_laptop.gateway.pages import INBOX, Pages
from smartident_laptop.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from smartident_laptop.gateway.push_service import PushMessage, PushService
    from smartident_laptop.gateway.websocket_api import WebSocketApi
    from smartident_laptop.moto.cloud import Cloud, Mail, Sms

SOCKET_PATH = "/ws"


class Gateway:
    """Chooses who answers a request; what is neither API, page nor inbox is API Gateway's 404."""

    def __init__(
        self,
        http: HttpApi,
        websocket: WebSocketApi,
        pages: Pages,
        cloud: Cloud,
        push_service: PushService,
        *,
        host: str = "localhost",
    ) -> None:
        self.http = http
        self.websocket = websocket
        self.pages = pages
        self.cloud = cloud
        self.push_service = push_service
        self.docs = Docs(pages)
        self.demo_page = DemoPage(pages)
        self.host = host

    def app(self) -> Starlette:
        """The ASGI application."""
        every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
        management = f"{SOCKET_PATH}/@connections/{{connection_id:path}}"
        # Another site's name for this machine (DNS rebinding) opens neither the API nor the inbox.
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[self.host, "localhost", LOOPBACK], www_redirect=False)
        return Starlette(
            middleware=[hosts],
            routes=[
                WebSocketRoute(SOCKET_PATH, self.websocket.serve),
                Route(management, self._manage, methods=["GET", "POST", "DELETE"]),
                *self.demo_page.routes(),
                Route("/docs", self.docs.answer),
                Route("/docs/{name:path}", self.docs.answer),
                Route("/sms", self._inbox_page),
                Route("/sms.json", self._messages),
                Route("/sms/{name}", self._inbox_file),
                Route("/mail", self._mail_page),
                Route("/mail.json", self._mails),
                Route("/push", self._push_page),
                Route("/push.json", self._pushed),
                Route("/push/{subscription}", self.push_service.take, methods=["POST"]),
                Route("/{path:path}", self._answer, methods=every),
            ],
            # A path with a line break matches no route of Starlette's, and is the API's to refuse all the same.
            exception_handlers={404: self._unrouted},
        )

    async def _manage(self, request: Request) -> Response:
        """Only the functions write to connections: they come from this laptop and call it by its own address."""
        peer = request.client.host if request.client else ""
        if peer != LOOPBACK or request.url.hostname != LOOPBACK:
            return message(404, "Not Found")
        return await self.websocket.manage(request)

    async def _unrouted(self, request: Request, _: Exception) -> Response:
        return await self._answer(request)

    async def _answer(self, request: Request) -> Response:
        is_page = request.method in {"GET", "HEAD"} and request.url.path.split("/")[1] not in self.http.prefixes
        found = self.pages.page(request) if is_page else self._app_link(request)
        return found or await self.http.answer(request)

    def _app_link(self, request: Request) -> Response | None:
        return self.pages.app_link(request.url.path) if request.method in {"GET", "HEAD"} else None

    async def _inbox_page(self, request: Request) -> Response:
        return self.pages.file(INBOX, "index.html", request.url.path) or message(404, "Not Found")

    async def _inbox_file(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self.pages.file(INBOX, name, request.url.path) or message(404, "Not Found")

    async def _mail_page(self, request: Request) -> Response:
        return self.pages.file(INBOX, "mail.html", request.url.path) or message(404, "Not Found")

    async def _push_page(self, request: Request) -> Response:
        return self.pages.file(INBOX, "push.html", request.url.path) or message(404, "Not Found")

    async def _pushed(self, request: Request) -> Response:
        """The push messages of a higher number than `since`, oldest first."""
        return await self._listed(request, self.push_service.messages)

    async def _messages(self, request: Request) -> Response:
        """The SMS of a higher number than `since`, oldest first."""
        return await self._listed(request, self.cloud.sms_messages)

    async def _mails(self, request: Request) -> Response:
        """The e-mails of a higher number than `since`, oldest first."""
        return await self._listed(request, self.cloud.mails)

    async def _listed(self, request: Request, sent: Callable[[int], Sequence[Sms | Mail | PushMessage]]) -> Response:
        since = request.query_params.get("since", "0")
        found = await asyncio.to_thread(sent, int(since) if since.isdecimal() else 0)
        body = json.dumps({"messages": [asdict(one) for one in found]}, ensure_ascii=False)
        headers = {**self.pages.headers, "cache-control": "no-store"}
        return Response(body, headers=headers, media_type="application/json")
