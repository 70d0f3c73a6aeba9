"""The demo page: an application of its own on the same host, whose server is a client of OpenID Connect."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

import smartident_laptop.demo
from smartident_laptop.demo.relying_party import RelyingParty

if TYPE_CHECKING:
    from starlette.requests import Request

    from smartident_laptop.demo.relying_party import Visit
    from smartident_laptop.gateway.pages import Pages

FILES = Path(smartident_laptop.demo.__file__).parent / "page"
COOKIE, PATH = "demo", "/demo"


class DemoPage:
    """Its page and the four addresses of its server."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.relying_party = RelyingParty(pages.url)

    def routes(self) -> list[Route]:
        """What it answers, all below /demo."""
        return [
            Route(f"{PATH}/login", self._begin),
            Route(f"{PATH}/callback", self._finish),
            Route(f"{PATH}/session", self._session),
            Route(f"{PATH}/logout", self._leave, methods=["POST"]),
            Route(f"{PATH}/ended", self._hear, methods=["POST"]),
            Route(PATH, self._file),
            Route(f"{PATH}/{{name:path}}", self._file),
        ]

    async def _file(self, request: Request) -> Response:
        found = self.pages.file(FILES, request.path_params.get("name", ""), request.url.path)
        return found or Response("Not Found", 404, headers=self.pages.headers)

    async def _begin(self, request: Request) -> Response:
        cookie, visit = self._visit(request)
        location = self.relying_party.begin(visit, quietly="quiet" in request.query_params)
        return self._kept(RedirectResponse(location, 303), cookie)

    async def _finish(self, request: Request) -> Response:
        cookie, visit = self._visit(request)
        await asyncio.to_thread(self.relying_party.finish, visit, request.query_params, port=_port(request))
        return self._kept(RedirectResponse(f"{PATH}/", 303), self.relying_party.renew(cookie))

    async def _session(self, request: Request) -> Response:
        cookie, visit = self._visit(request)
        return self._kept(JSONResponse({"person": visit.person, "notice": visit.notice}), cookie)

    async def _leave(self, request: Request) -> Response:
        # Another site's page could post here too; only this one may sign its person out.
        if request.headers.get("origin") != f"{request.url.scheme}://{request.url.netloc}":
            return Response("Forbidden", 403, headers=self.pages.headers)
        cookie, visit = self._visit(request)
        return self._kept(JSONResponse({"location": self.relying_party.leave(visit)}), cookie)

    async def _hear(self, request: Request) -> Response:
        (token,) = parse_qs((await request.body()).decode("ascii", "replace")).get("logout_token", [""])[:1]
        is_heard = await asyncio.to_thread(self.relying_party.hear, token, port=_port(request))
        return Response(status_code=200 if is_heard else 400, headers={"cache-control": "no-store"})

    def _visit(self, request: Request) -> tuple[str, Visit]:
        return self.relying_party.visit(request.cookies.get(COOKIE, ""))

    def _kept(self, response: Response, cookie: str) -> Response:
        response.headers.update({**self.pages.headers, "cache-control": "no-store"})
        secure = self.pages.url.startswith("https:")
        response.set_cookie(COOKIE, cookie, path=PATH, httponly=True, samesite="lax", secure=secure)
        return response


def _port(request: Request) -> int:
    port: int = request.scope["server"][1]
    return port
