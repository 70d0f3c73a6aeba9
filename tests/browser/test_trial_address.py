"""At an address that CloudFront named, the login page and the app say so, calmly; anywhere else they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def at(chromium: Browser, stack: Stack) -> Iterator[Callable[[str], Page]]:
    """Opens a page as if the stack were at that address."""
    context = chromium.new_context(locale="de-DE", viewport={"width": 390, "height": 844}, service_workers="block")

    def open_page(url: str) -> Page:
        origin, page = "/".join(url.split("/")[:3]), context.new_page()
        page.route(f"{origin}/**", lambda route: _by_the_stack(route, origin, stack.url))
        page.goto(url)
        return page

    yield open_page
    # A file that nobody waits for may still be on its way.
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.close()


def _by_the_stack(route: Route, origin: str, url: str) -> None:
    route.fulfill(response=route.fetch(url=route.request.url.replace(origin, url)))


@pytest.mark.parametrize("path", ["/financeapp/", "/app/"])
def test_an_address_for_trying_only_is_told_in_both_languages(at: Callable[[str], Page], path: str) -> None:
    page = at(f"https://d111111abcdef8.cloudfront.net{path}")
    expect(page.locator(".trial")).to_contain_text("Probeadresse")
    page.locator("#language-en").click()
    expect(page.locator(".trial")).to_contain_text("Trial address")
    assert page.locator(".trial").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("host", ["login.example.com", "cloudfront.net.example.com", "mycloudfront.net"])
def test_an_address_of_the_operators_own_is_nothing_to_speak_of(at: Callable[[str], Page], host: str) -> None:
    page = at(f"https://{host}/financeapp/")
    expect(page.locator("h1")).to_be_visible()
    assert page.locator(".trial").count() == 0
