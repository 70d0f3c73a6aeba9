"""`/docs`: the site that `make docs` has built, or else a plain list of the docs and a plain page of the API."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response

from smartident_laptop.gateway.api_page import OPENAPI, api_page, page
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from smartident_laptop.gateway.pages import Pages

DOCS = ROOT / "docs"
SITE = ROOT / ".site" / "html"
# The site's theme and Redoc bring scripts and styles inside their pages; nothing comes from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; worker-src 'self' blob:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)


class Docs:
    """Serves the docs under the headers of the pages, with a policy of their own."""

    def __init__(self, pages: Pages, site: Path = SITE) -> None:
        self.pages = pages
        self.site = site

    async def answer(self, request: Request) -> Response:
        """The page or file of a path."""
        name = request.path_params.get("name", "")
        if not name and not request.url.path.endswith("/"):
            return RedirectResponse("/docs/", headers=self.pages.headers)
        response = self._built(name, request.url.path) or self._plain(name, request.url.path)
        response.headers["content-security-policy"] = POLICY
        return response

    def _built(self, name: str, path: str) -> Response | None:
        return self.pages.file(self.site, name, path) if (self.site / "index.html").is_file() else None

    def _plain(self, name: str, path: str) -> Response:
        if name in {"", "index.html"}:
            return HTMLResponse(_contents(), headers=self.pages.headers)
        if name in {"api", "api/"}:
            text = api_page(OPENAPI.read_text(encoding="utf-8"))
            return HTMLResponse(text, headers=self.pages.headers)
        found = self.pages.file(DOCS, name, path)
        if found is None:
            return HTMLResponse(page("404", "<h1>404</h1>"), 404, headers=self.pages.headers)
        if name.endswith((".md", ".yaml")):
            found.headers["content-type"] = "text/plain; charset=utf-8"
        return found


def _contents() -> str:
    names = (str(path.relative_to(DOCS)) for path in sorted(DOCS.rglob("*.md")))
    listed = "".join(f'<li><a href="{html.escape(name)}">{html.escape(name)}</a></li>' for name in names)
    return page(
        "smartIDENT",
        '<h1>smartIDENT</h1><p><a href="api/">The API</a></p><p>As text; <code>make docs</code> builds the site.</p>'
        f"<ul>{listed}</ul>",
    )
