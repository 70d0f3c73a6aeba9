"""The pages are for everybody: no WCAG 2.2 AA violation on any view, keyboard only, both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from smartident_laptop.demo.accounts import ANNA, JONAS, SABINE, THOMAS
from tests.browser.desk import Desk
from tests.browser.phone import Phone
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser


def test_every_view_of_financeapp_is_accessible(desk: Desk, phone: Phone) -> None:
    page = desk.page
    desk.open()
    assert accessibility_faults(page) == []
    desk.log_in(ANNA, password="wrong")
    page.locator("[aria-invalid]").first.wait_for()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="smartIDENT-App einrichten").click()
    page.locator(".stores").wait_for()
    assert accessibility_faults(page) == []
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    page.locator(".news.live").wait_for()
    page.locator("summary").click()
    assert accessibility_faults(page) == []
    page.context.set_offline(True)
    page.locator(".news.offline").wait_for()
    assert accessibility_faults(page) == []
    page.context.set_offline(False)
    page.get_by_role("button", name="Abbrechen").click()
    page.locator(".sign").wait_for()
    assert accessibility_faults(page) == []
    desk.log_in(JONAS)
    desk.wait_for_signed_in()
    assert accessibility_faults(page) == []


def test_every_view_of_the_app_is_accessible(desk: Desk, phone: Phone) -> None:
    page = phone.page
    phone.open()
    assert accessibility_faults(page) == []
    phone.ask_for_code(ANNA, password="wrong")
    page.locator("[aria-invalid]").first.wait_for()
    assert accessibility_faults(page) == []
    sent = phone.count_sms(ANNA)
    phone.page.locator("#password").fill(ANNA.password)
    page.locator("form .button.main").click()
    page.locator("#code").wait_for()
    assert accessibility_faults(page) == []
    page.locator("#code").fill(phone.read_sms(ANNA, after=sent))
    page.locator("form .button.main").click()
    page.locator(".sign.good").wait_for()
    assert accessibility_faults(page) == []
    page.locator(".button.main").click()
    page.get_by_role("heading", name="Freigabe").wait_for()
    assert accessibility_faults(page) == []
    desk.log_in(ANNA)
    phone.request(desk).wait_for()
    assert accessibility_faults(page) == []
    phone.open_request(desk)
    assert accessibility_faults(page) == []
    page.locator(".facts summary").click()
    assert accessibility_faults(page) == []
    page.locator("#not-me").scroll_into_view_if_needed()
    page.locator("#decline").click()
    page.locator(".sign.bad").wait_for()
    assert accessibility_faults(page) == []
    page.locator(".button.main").click()
    phone.open_accounts()
    assert accessibility_faults(page) == []
    page.locator("a.tile").click()
    page.locator(".events").wait_for()
    page.locator(".rename summary").first.click()
    assert accessibility_faults(page) == []
    page.locator("#remove").click()
    page.locator("dialog").wait_for()
    assert accessibility_faults(page) == []


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


def test_keyboard_only(desk: Desk, phone: Phone) -> None:
    phone.open()
    tab_to(phone.page, phone.page.locator("#add"))
    phone.page.keyboard.press("Enter")
    sent = phone.count_sms(THOMAS)
    tab_to(phone.page, phone.page.locator("#identifier"))
    phone.page.keyboard.type(THOMAS.number)
    tab_to(phone.page, phone.page.locator("#password"))
    phone.page.keyboard.type(THOMAS.password)
    phone.page.keyboard.press("Enter")
    code = phone.read_sms(THOMAS, after=sent)
    tab_to(phone.page, phone.page.locator("#code"))
    phone.page.keyboard.type(code)
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("heading", name="Der Zugang wurde erfolgreich hinterlegt")).to_be_visible()
    tab_to(phone.page, phone.page.get_by_role("link", name="Fertig"))
    phone.page.keyboard.press("Enter")
    desk.open()
    tab_to(desk.page, desk.page.locator("#identifier"))
    desk.page.keyboard.type(THOMAS.number)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type(THOMAS.password)
    desk.page.keyboard.press("Enter")
    desk.page.locator("#transfer-code").wait_for()
    request = phone.request(desk)
    request.wait_for()
    tab_to(phone.page, request)
    phone.page.keyboard.press("Enter")
    tab_to(phone.page, phone.page.locator("#transfer_code"))
    phone.page.keyboard.type(desk.transfer_code().replace(" ", ""))
    tab_to(phone.page, phone.page.get_by_role("button", name="Freigeben"))
    phone.page.keyboard.press("Enter")
    expect(phone.page.get_by_role("heading", name="Anmeldung abgeschlossen")).to_be_visible()
    desk.wait_for_signed_in()


def test_the_whole_story_in_english(window: Callable[..., Page], stack: Stack) -> None:
    desk, phone = Desk(window("en-GB"), stack), Phone(window("en-GB", mobile=True), stack)
    phone.enrol(SABINE)
    desk.log_in(SABINE)
    expect(desk.page.get_by_role("heading", name="Confirm on your phone")).to_be_visible()
    phone.open_request(desk)
    expect(phone.page.get_by_role("heading", name="Approve this login?")).to_be_visible()
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    expect(phone.page.get_by_role("heading", name="Login completed")).to_be_visible()
    desk.wait_for_signed_in()
    expect(desk.page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert desk.page.evaluate("document.documentElement.lang") == "en"


def test_changing_the_language_keeps_what_was_typed_and_is_remembered(desk: Desk) -> None:
    desk.open()
    desk.page.locator("#identifier").fill(ANNA.number)
    desk.page.locator("#password").fill("half a passw")
    desk.page.get_by_role("button", name="English").click()
    expect(desk.page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(desk.page.locator("#identifier")).to_have_value(ANNA.number)
    expect(desk.page.locator("#password")).to_have_value("half a passw")
    expect(desk.page.locator("#language-en")).to_be_focused()
    desk.page.reload()
    expect(desk.page.get_by_role("heading", name="Log in")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_cut_off_or_scrolls_sideways(desk: Desk, phone: Phone, width: int) -> None:
    phone.page.add_init_script("globalThis.BarcodeDetector = class {};")
    phone.enrol(ANNA)
    for page in (desk.page, phone.page):
        page.set_viewport_size({"width": width, "height": 800})
    desk.log_in(ANNA)
    desk.page.locator("#transfer-code").wait_for()
    phone.open_request(desk)
    for page in (desk.page, phone.page):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.page.locator("#decline").click()
    expect(desk.page.get_by_role("heading", name=re.compile("abgelehnt"))).to_be_visible()
