"""The page of examples/ with oidc-client-ts, served from an origin of its own."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "examples/oidc/oidc_client_ts.html"
LIBRARY = ROOT / ".cache/interop/node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"


@contextmanager
def served(port: int, settings: dict[str, str]) -> Iterator[str]:
    """Serve the page, its library and its settings; gives the origin."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            kind, body = {
                "/settings.json": ("application/json", json.dumps(settings).encode()),
                "/oidc-client-ts.min.js": ("text/javascript", LIBRARY.read_bytes()),
            }.get(path, ("text/html", PAGE.read_bytes()))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", port), Files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{port}"
        finally:
            server.shutdown()
            thread.join()
