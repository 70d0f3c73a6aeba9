"""Sources of advisories on this machine: they answer as OSV and the npm registry do, and know what they are told."""

from __future__ import annotations

import gzip
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator


class Source(BaseHTTPRequestHandler):
    """Knows something against each of these: `urllib3` in every version, `requests==2.19.0` in this one."""

    known: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        answer = json.dumps(self.osv(asked) if "package" in asked else self.npm(asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def osv(self, asked: dict[str, Any]) -> dict[str, Any]:
        package = asked["package"]
        if not self.known & {package["name"], f"{package['name']}=={asked['version']}"}:
            return {}
        everywhere = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}
        vulnerability = {
            "id": f"TEST-{package['name']}",
            "summary": "made up",
            "modified": "2026-01-01T00:00:00Z",
            "affected": [{"package": package, "ranges": [everywhere]}],
        }
        return {"vulns": [vulnerability]}

    def npm(self, asked: dict[str, Any]) -> dict[str, Any]:
        advisory = {"id": 1, "title": "made up", "severity": "high", "vulnerable_versions": "*", "url": "about:blank"}
        return {name: [advisory] for name in asked if name in self.known}

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def source_that_knows(*names: str) -> Iterator[str]:
    """The address of a source that knows something against these packages and nothing against others."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("KnowingSource", (Source,), {"known": set(names)}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
