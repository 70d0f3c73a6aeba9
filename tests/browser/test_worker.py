"""The app's worker serves what the network answers, whatever its cache is up to."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_laptop.template import ROOT
from tests.browser.test_offline import wait_for_worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
OLD, NEW = "Noch kein Zugang", "Die neue Fassung"
FULL = "Cache.prototype.put = async () => { throw new DOMException('full', 'QuotaExceededError'); };"
# The first time is the worker's installation.
CLOSED = """
  const open = caches.open.bind(caches);
  let opened = 0;
  caches.open = async (name) => { if (opened++) throw new DOMException("closed", "SecurityError"); return open(name); };
"""
SILENT = """
  const open = caches.open.bind(caches);
  let opened = 0;
  caches.open = (name) => (opened++ ? new Promise(() => {}) : open(name));
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and speaks to nobody."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".webmanifest": "application/manifest+json"}  # noqa: RUF012  as the class declares it

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Nothing is kept but by the worker."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A copy of the pages that a test may change, and where it is served."""
    web = tmp_path / "web"
    shutil.copytree(ROOT / "web", web)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(web)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield web, f"http://localhost:{server.server_port}/app/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="de-DE", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def publish(web: Path) -> None:
    """A new version of the pages."""
    german = web / "app/language/de.js"
    german.write_text(german.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")


@pytest.mark.parametrize("cache", ["", FULL, CLOSED, SILENT], ids=["well", "full", "closed", "silent"])
def test_a_new_version_is_there_at_the_next_start(page: Page, site: tuple[Path, str], cache: str) -> None:
    web, url = site
    worker = web / "app/worker.js"
    worker.write_text(cache + worker.read_text(encoding="utf-8"), encoding="utf-8")
    page.goto(url)
    expect(page.get_by_role("heading", name=OLD)).to_be_visible()
    wait_for_worker(page)
    publish(web)
    page.reload()
    expect(page.get_by_role("heading", name=NEW)).to_be_visible()


def test_what_the_network_brings_is_kept_for_when_it_is_away(page: Page, site: tuple[Path, str]) -> None:
    web, url = site
    page.goto(url)
    wait_for_worker(page)
    publish(web)
    page.reload()
    expect(page.get_by_role("heading", name=NEW)).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name=NEW)).to_be_visible()


def test_a_server_that_fails_is_like_none(page: Page, site: tuple[Path, str]) -> None:
    web, url = site
    page.goto(url)
    wait_for_worker(page)
    (web / "app/views/home.js").unlink()
    page.reload()
    expect(page.get_by_role("heading", name=OLD)).to_be_visible()
