"""The pages of web/ and the SMS inbox, under the security headers that the cloud sets too."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, RedirectResponse, Response

from smartident_laptop.app_links import app_links
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

WEB = ROOT / "web"
INBOX = Path(__file__).parent / "inbox"
FIRST_PAGE = "/financeapp/"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self' {api} {websocket}",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types smartident-worker",
)
PERMISSIONS = (
    "camera=(self)",
    "publickey-credentials-create=(self)",
    "publickey-credentials-get=(self)",
    "clipboard-write=(self)",
    "geolocation=()",
    "microphone=()",
    "payment=()",
    "usb=()",
)
SECURITY_HEADERS = {
    "content-security-policy": "; ".join(POLICY),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(PERMISSIONS),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Pages:
    """Serves the files of a folder, a folder's index.html for its path, and nothing outside of it."""

    def __init__(self, *, api: str, websocket: str, parameters: Mapping[str, list[str]] | None = None) -> None:
        self.headers = {
            name: value.format(api=api, websocket=websocket) for name, value in SECURITY_HEADERS.items()
        } | {"cache-control": "no-cache"}
        self.url = api
        given = parameters or {}
        self.app_links = app_links(given.get("AppleApps", ()), given.get("AndroidApps", ()))

    def app_link(self, path: str) -> Response | None:
        """What Apple or Google ask this host for, or none."""
        content = self.app_links.get(path.removeprefix("/"))
        return None if content is None else Response(content, headers=self.headers, media_type="application/json")

    def page(self, request: Request) -> Response | None:
        """The file that a path names under web/, or none."""
        path = request.url.path
        if path == "/":
            return RedirectResponse(FIRST_PAGE, headers=self.headers)
        return self.file(WEB, path.lstrip("/"), path)

    def file(self, folder: Path, name: str, path: str) -> Response | None:
        """A file of a folder as an answer, or none."""
        file = (folder / name).resolve()
        if not file.is_relative_to(folder.resolve()) or any(part.startswith(".") for part in Path(name).parts):
            return None
        if file.is_dir():
            if not (file / "index.html").is_file():
                return None
            if not path.endswith("/"):
                return RedirectResponse(f"{path}/", headers=self.headers)
            file = file / "index.html"
        if not file.is_file():
            return None
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return FileResponse(file, media_type=kind, headers=self.headers)
