"""A small phone: what decides is reachable without scrolling, whatever the statement says."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from smartident_laptop.demo.accounts import ANNA, SABINE
from tests.browser.desk import Desk
from tests.browser.phone import Phone
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 320, 568
NEW_COUNTRY = {
    "de-DE": "Aus diesem Land haben Sie sich noch nie angemeldet.",
    "en-GB": "You have never signed in from this country.",
}
FULL = {
    "client": "Buchhaltung Plus",
    "origin": "https://anmeldung.buchhaltung-plus.example",
    "place": "Frankfurt am Main, DE",
    "ip": "2001:db8:85a3:8d3::/64",
    "browser": "Samsung Internet",
    "os": "Android",
}


def fill_up(route: Route, **more: object) -> None:
    """The service's answer with everything that a statement can say, and a second request."""
    answer = route.fetch()
    told = answer.json()
    for approval in told["approvals"]:
        shown = {**json.loads(base64.urlsafe_b64decode(approval["statement"] + "==")), **FULL, **more}
        approval["statement"] = base64.urlsafe_b64encode(json.dumps(shown).encode()).decode().rstrip("=")
    route.fulfill(response=answer, json=told)


def box(element: Locator) -> tuple[float, float, float, float]:
    found = element.bounding_box()
    assert found
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


@pytest.mark.parametrize("more", [{}, {"new_country": True}], ids=["known country", "new country"])
@pytest.mark.parametrize("locale", ["de-DE", "en-GB"])
def test_code_field_and_both_buttons_are_reachable_without_scrolling(
    window: Callable[..., Page], stack: Stack, locale: str, more: dict[str, object]
) -> None:
    phone = Phone(window(locale, mobile=True, size=(WIDTH, HEIGHT)), stack)
    desk, other = Desk(window(), stack), Desk(window(), stack)
    phone.enrol(SABINE)
    phone.page.route("**/v1/approvals", lambda route: fill_up(route, **more))
    for waiting in (other, desk):
        waiting.log_in(SABINE)
        waiting.page.locator("#transfer-code").wait_for()
    phone.request(other).wait_for()
    phone.open_request(desk)
    page = phone.page
    expect(page.get_by_role("link", name=re.compile("Anfragen? wartet?|requests? (is|are) waiting"))).to_be_visible()
    assert page.evaluate("scrollY") == 0
    for element in ("#transfer_code", "#scan", "#decline", "#approve"):
        left, top, right, bottom = box(page.locator(element))
        assert left >= 0
        assert top >= 0
        assert right <= WIDTH
        assert bottom <= HEIGHT, element
    expect(page.locator("#new-country")).to_have_count(len(more))
    if more:
        expect(page.locator("#new-country.bad")).to_contain_text(NEW_COUNTRY[locale])
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    for fact in (FULL["client"], FULL["place"], FULL["browser"]):
        expect(page.locator(".facts summary")).to_contain_text(fact)
    expect(page.locator(".facts dl")).not_to_be_visible()
    page.locator(".facts summary").click()
    for fact in (*FULL.values(), SABINE.number):
        expect(page.locator(".facts dl")).to_contain_text(fact.removeprefix("https://"))
    # Where it comes from stands first, and the place before what only few people can read.
    where = rf"^{re.escape(FULL['place'])} · (AS\d+ · )?{re.escape(FULL['ip'])}$"
    expect(page.locator(".facts dd").first).to_have_text(re.compile(where))
    assert accessibility_faults(page) == []
    page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_tabs_and_plus_are_always_there(window: Callable[..., Page], stack: Stack, width: int) -> None:
    phone = Phone(window(mobile=True, size=(width, 568)), stack)
    page = phone.page
    phone.open()
    for tab in ("Freigabe", "Zugänge"):
        expect(page.get_by_role("navigation").get_by_role("link", name=tab)).to_be_in_viewport()
    expect(page.get_by_role("navigation").get_by_role("link", name="Freigabe")).to_have_attribute(
        "aria-current", "page"
    )
    plus = page.get_by_role("banner").get_by_role("link", name="Neuen Zugang einrichten")
    _, top, right, _ = box(plus)
    assert right >= page.evaluate("document.querySelector('#view').getBoundingClientRect().right") - 24
    assert top < 30
    languages = page.locator("#languages")
    assert box(languages)[2] <= box(plus)[0]
    expect(page.locator("#add")).to_be_in_viewport()
    phone.open_accounts()
    expect(page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()
    phone.enrol(ANNA)
    phone.open_accounts()
    expect(page.get_by_role("heading", name="Zugänge")).to_be_visible()
    expect(page.locator("a.tile")).to_contain_text(ANNA.display_name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# What says or does something and reaches beyond the phone.
BEYOND = """(width) => [...document.querySelectorAll("a, button, h1, p")]
  .filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML)"""


@pytest.mark.parametrize("letters", ["100%", "200%"])
def test_no_view_is_wider_than_the_phone_however_large_its_letters(
    window: Callable[..., Page], stack: Stack, letters: str
) -> None:
    """A page that is wider grows the window of a phone with it: what is measured is the phone."""
    phone = Phone(window(mobile=True, size=(WIDTH, HEIGHT)), stack)
    page = phone.page
    page.add_init_script(
        f"addEventListener('DOMContentLoaded', () => {{ document.documentElement.style.fontSize = '{letters}'; }})"
    )
    for path in ("/app/#/", "/app/#/new/recovery", "/financeapp/", "/freeze/"):
        page.goto(f"{stack.url}{path}")
        page.locator("form" if "recovery" in path else "#view h1").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, path
        assert page.evaluate(BEYOND, WIDTH) == [], path
        for one in page.locator("header a[href], header button").all():
            one.click(trial=True)
    phone.enrol(ANNA)
    phone.open_accounts()
    page.locator("a.tile").click()
    page.locator("#freeze").click()
    page.get_by_role("dialog").locator(".button").first.wait_for()
    assert page.evaluate(BEYOND, WIDTH) == []
