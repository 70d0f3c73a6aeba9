"""A page without a server logs its people in by oidc-client-ts, in a real Chromium, and a phone approves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, sync_playwright

from smartident_laptop.demo.accounts import ANNA
from tests.browser.conftest import CHROMIUM, QUIET
from tests.interop.single_page_app import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smartident_laptop.stack import Stack


@pytest.fixture
def page() -> Iterator[Page]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        page.set_default_timeout(20_000)
        yield page
        browser.close()


def said(page: Page, member: str) -> dict[str, Any]:
    """What the page says, once it says this; the page forgets it, so that the next is not taken for it."""
    said = page.locator("#said", has_text=f'"{member}"')
    told: dict[str, Any] = json.loads(said.text_content() or "")
    page.evaluate("document.querySelector('#said').textContent = ''")
    return told


def test_a_page_logs_in_renews_in_silence_and_logs_out(
    stack: Stack, page_port: int, approve: Callable[[dict[str, Any]], None], page: Page
) -> None:
    with served(page_port, {"authority": stack.url, "client_id": "page"}) as origin:
        page.goto(origin)
        said(page, "ready")
        page.click("#renew")
        assert said(page, "error")["error"] == "login_required"
        page.click("#login")
        page.fill("#identifier", ANNA.number)
        page.fill("#password", ANNA.password)
        page.press("#password", "Enter")
        approve({"transfer_code": (page.locator("#transfer-code").text_content() or "").strip()})
        page.wait_for_url(f"{origin}/callback?*")
        first = said(page, "profile")
        assert first["profile"]["name"] == ANNA.display_name
        assert first["profile"]["acr"] == "urn:smartident:acr:approved-by-phone"
        page.click("#renew")
        renewed = said(page, "profile")
        for claim in ("sub", "sid", "auth_time"):
            assert renewed["profile"][claim] == first["profile"][claim]
        assert renewed["access_token"] != first["access_token"]
        page.click("#logout")
        page.wait_for_url(f"{origin}/")
        said(page, "ready")
        page.click("#renew")
        assert said(page, "error")["error"] == "login_required"
