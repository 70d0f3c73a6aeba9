"""The app without a connection, and what stands under its pages: headers, worker, QR codes, sizes."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_laptop.demo.accounts import ANNA
from smartident_laptop.template import ROOT
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
WEB = ROOT / "web"
SIX_KB = 6 * 1024


CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 50));
}"""


def wait_for_worker(page: Page) -> None:
    page.evaluate(CONTROLLED)


def test_the_app_opens_without_a_connection_and_recovers(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    wait_for_worker(phone.page)
    phone.page.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.get_by_role("heading", name="Freigabe")).to_be_visible()
    expect(phone.page.get_by_role("status").filter(has_text="Keine Verbindung")).to_be_visible()
    assert accessibility_faults(phone.page) == []
    phone.open_accounts()
    expect(phone.page.locator("a.tile")).to_contain_text(ANNA.display_name)
    phone.page.locator("a.tile").click()
    expect(phone.page.get_by_role("alert").filter(has_text="Keine Verbindung")).to_be_visible()
    assert accessibility_faults(phone.page) == []
    phone.page.context.set_offline(False)
    phone.page.locator("#tab-approvals").click()
    desk.log_in(ANNA)
    phone.request(desk).wait_for()


def test_the_worker_keeps_every_file_that_the_app_loads(phone: Phone) -> None:
    loaded: set[str] = set()
    phone.page.on("request", lambda request: loaded.add(re.sub(r"[?#].*", "", request.url)))
    phone.enrol(ANNA)
    wait_for_worker(phone.page)
    kept = set(
        phone.page.evaluate(
            "caches.open('smartident-1').then((cache) => cache.keys()).then((all) => all.map(({ url }) => url))"
        )
    )
    files = {url for url in loaded if "/v1/" not in url and not url.endswith("/worker.js")}
    assert files - kept == set()
    assert not [url for url in kept if "/v1/" in url]


def test_the_app_can_be_installed(phone: Phone) -> None:
    phone.open()
    wait_for_worker(phone.page)
    session = phone.page.context.new_cdp_session(phone.page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    faults = {fault["errorId"] for fault in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert faults <= {"in-incognito"}  # as every window of a test is


def test_a_hidden_app_asks_nothing(phone: Phone) -> None:
    phone.enrol(ANNA)
    phone.page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })")
    phone.page.wait_for_timeout(2_500)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.page.wait_for_timeout(2_500)
    assert asked == []


@pytest.mark.parametrize("path", ["/financeapp/", "/app/", "/smartident.js", "/app/worker.js"])
def test_every_page_comes_under_strict_headers(stack: Stack, desk: Desk, path: str) -> None:
    headers = desk.page.request.get(stack.url + path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_client_is_small_and_depends_on_nothing() -> None:
    """Its comments aside, which are the types of its callers; the npm package leaves them out."""
    text = re.sub(r"/\*\*.*?\*/\s*", "", (WEB / "smartident.js").read_text(), flags=re.DOTALL)
    assert len(gzip.compress(text.encode(), 9)) < SIX_KB
    assert not re.search(r"^import .* from", text, re.MULTILINE)


def test_no_page_writes_markup_or_inline_code() -> None:
    for file in (*WEB.rglob("*.js"), *WEB.rglob("*.html")):
        text = file.read_text()
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            file
        )
        if file.suffix == ".html":
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?://", text), file
