"""The demo page is an application of somebody else: it logs people in once, quietly after that, and out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA, JONAS
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser


def open_demo(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/demo/")
    page.locator("#login").wait_for()


def logged_in(page: Page, name: str) -> None:
    page.locator("#logout").wait_for()
    expect(page.locator(".facts")).to_contain_text(name)


def test_nobody_is_logged_in_quietly_without_a_session(desk: Desk, stack: Stack) -> None:
    open_demo(desk.page, stack)
    assert accessibility_faults(desk.page) == []
    desk.page.locator("#quiet").click()
    expect(desk.page.locator("#notice")).to_contain_text("niemand angemeldet")


def test_a_login_lasts_for_the_next_one_and_logging_out_ends_it(desk: Desk, stack: Stack) -> None:
    open_demo(desk.page, stack)
    desk.page.locator("#login").click()
    desk.page.get_by_text("Demo-Seite").first.wait_for()
    desk.fill_in(JONAS)
    logged_in(desk.page, JONAS.display_name)
    assert accessibility_faults(desk.page) == []
    # This application forgets its person; smartIDENT does not.
    desk.page.context.clear_cookies(name="demo")
    open_demo(desk.page, stack)
    desk.page.locator("#quiet").click()
    logged_in(desk.page, JONAS.display_name)
    desk.page.locator("#logout").click()
    expect(desk.page.locator("#notice")).to_contain_text("Sie haben sich abgemeldet")
    desk.page.locator("#quiet").click()
    expect(desk.page.locator("#notice")).to_contain_text("niemand angemeldet")


def test_logging_out_everywhere_on_the_phone_reaches_the_application(desk: Desk, phone: Phone, stack: Stack) -> None:
    phone.enrol(ANNA)
    open_demo(desk.page, stack)
    desk.page.locator("#login").click()
    desk.fill_in(ANNA)
    code = desk.transfer_code()
    phone.open_request(desk)
    phone.type_transfer_code(code)
    phone.approve()
    logged_in(desk.page, ANNA.display_name)
    phone.open_accounts()
    phone.page.locator("a.tile").click()
    phone.page.get_by_role("button", name="Überall abmelden").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Überall abmelden").click()
    expect(desk.page.locator("#notice")).to_contain_text("an anderer Stelle abgemeldet")


def test_the_page_speaks_english(desk: Desk, stack: Stack) -> None:
    open_demo(desk.page, stack)
    desk.page.locator("#language-en").click()
    expect(desk.page.locator("h1")).to_have_text("You are not logged in")
    expect(desk.page.locator("#quiet")).to_have_text("Log in quietly")


def test_an_answer_that_this_browser_did_not_ask_for_logs_nobody_in(desk: Desk, stack: Stack) -> None:
    desk.page.goto(f"{stack.url}/demo/callback?code=x&state=y&iss={stack.url}")
    expect(desk.page.locator("#notice")).to_contain_text("gehört zu keiner Anmeldung")
