"""The login page keeps its login: over a reload, Back, the logo, whatever a person does in its three minutes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA, SABINE, THOMAS
from tests.browser.desk import Desk
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from smartident_laptop.stack import Stack
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
KEPT = "financeapp.login"


def wait_for_phone(desk: Desk) -> str:
    """Log in and wait; the transfer code that the page shows."""
    desk.log_in(ANNA)
    expect(desk.page.locator(".news.live")).to_be_visible()
    return desk.transfer_code()


def approve(phone: Phone, desk: Desk) -> None:
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    desk.wait_for_signed_in()


def reload(page: Page) -> None:
    page.reload()


def tap_the_logo(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link", name="FinanceApp").click()


def go_elsewhere_and_back(page: Page) -> None:
    page.goto(page.url.replace("/financeapp/", "/app/"))
    page.go_back()


def back_and_forward(page: Page) -> None:
    page.go_back()
    page.locator("#identifier").wait_for()
    page.go_forward()


def back_and_on(page: Page) -> None:
    page.go_back()
    page.get_by_role("button", name="Zur wartenden Anmeldung").click()


@pytest.mark.parametrize(
    "way", [reload, tap_the_logo, go_elsewhere_and_back, back_and_forward, back_and_on], ids=lambda way: way.__name__
)
def test_the_login_goes_on(desk: Desk, phone: Phone, way: Callable[[Page], None]) -> None:
    phone.enrol(ANNA)
    code = wait_for_phone(desk)
    way(desk.page)
    expect(desk.page.locator("#transfer-code")).to_have_text(code)
    expect(desk.page.locator(".news.live")).to_be_visible()
    approve(phone, desk)
    assert desk.page.evaluate("JSON.stringify({...sessionStorage})") == "{}"


def test_the_form_that_back_leads_to_says_that_a_login_waits_and_moves_on_by_itself(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    code = wait_for_phone(desk)
    request = phone.request(desk)
    desk.page.go_back()
    expect(desk.page.locator("#identifier")).to_have_value(ANNA.number)
    expect(desk.page.get_by_role("region", name="Eine Anmeldung wartet noch auf Ihre Freigabe.")).to_be_visible()
    assert accessibility_faults(desk.page) == []
    request.click()
    phone.type_transfer_code(code)
    phone.approve()
    desk.wait_for_signed_in()


def test_a_login_that_follows_takes_the_place_of_the_one_before(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    wait_for_phone(desk)
    first = phone.request(desk)
    first.wait_for()
    desk.page.go_back()
    desk.page.locator("#password").fill(ANNA.password)
    desk.page.locator("#password").press("Enter")
    expect(desk.page.locator(".news.live")).to_be_visible()
    expect(first).to_have_count(0)
    approve(phone, desk)


def test_a_login_that_ends_behind_the_form_takes_its_notice_along(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    wait_for_phone(desk)
    phone.open_request(desk)
    desk.page.go_back()
    desk.page.locator("#password").fill("half a passw")
    phone.page.locator("#decline").click()
    expect(desk.page.locator("#go-on")).to_have_count(0)
    expect(desk.page.locator("#password")).to_have_value("half a passw")
    desk.page.go_forward()
    expect(desk.page.locator("#identifier")).to_be_visible()


def test_a_login_that_is_over_is_not_gone_on_with(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    wait_for_phone(desk)
    kept = json.loads(desk.page.evaluate(f"sessionStorage['{KEPT}']"))
    kept["kept"]["ends"] = 1
    desk.page.goto(f"{desk.stack.url}/missing.html")
    desk.page.evaluate("([name, kept]) => sessionStorage.setItem(name, kept)", [KEPT, json.dumps(kept)])
    desk.open()
    assert desk.page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("odd", ["", "null", "[]", "{}", '{"kept":{}}', "not JSON"])
def test_what_is_kept_and_is_no_login_is_forgotten(desk: Desk, odd: str) -> None:
    desk.page.goto(f"{desk.stack.url}/missing.html")
    desk.page.evaluate("([name, kept]) => sessionStorage.setItem(name, kept)", [KEPT, odd])
    desk.open()
    assert desk.page.evaluate("sessionStorage.length") == 0


def test_a_login_that_was_declined_meanwhile_says_so_after_the_reload(desk: Desk, phone: Phone) -> None:
    phone.enrol(SABINE)
    desk.log_in(SABINE)
    phone.open_request(desk)
    desk.page.goto(f"{desk.stack.url}/missing.html")
    phone.page.locator("#decline").click()
    phone.page.locator(".sign").wait_for()
    desk.page.go_back()
    expect(desk.page.get_by_role("heading", name="Anmeldung abgelehnt")).to_be_visible()


def test_a_mistyped_transfer_code_is_told_as_that_and_the_number_stays(desk: Desk, phone: Phone) -> None:
    phone.enrol(THOMAS)
    desk.page.route_web_socket(re.compile("."), lambda socket: socket.close())
    desk.page.route("**/v1/logins/*", lambda route: route.fulfill(json={"status": "denied", "reason": "transfer_code"}))
    desk.log_in(THOMAS)
    expect(desk.page.get_by_role("heading", name="Der Übertragungscode war falsch")).to_be_visible()
    expect(desk.page.get_by_text("ändern Sie bitte Ihr Passwort")).to_have_count(0)
    assert accessibility_faults(desk.page) == []
    desk.page.get_by_role("button", name="Neu anmelden").click()
    expect(desk.page.locator("#identifier")).to_have_value(THOMAS.number)


@pytest.mark.parametrize("status", ["constructor", "__proto__", "toString"])
def test_a_status_that_is_none_ends_nothing(desk: Desk, phone: Phone, status: str) -> None:
    phone.enrol(THOMAS)
    desk.page.route_web_socket(re.compile("."), lambda socket: socket.close())
    with desk.page.expect_response("**/v1/logins/*", timeout=10_000):
        desk.page.route("**/v1/logins/*", lambda route: route.fulfill(json={"status": status}))
        desk.log_in(THOMAS)
    expect(desk.page.locator(".news.polling")).to_be_visible()


@pytest.mark.parametrize(("mobile", "buttons"), [(True, 1), (False, 0)], ids=["phone", "computer"])
def test_the_app_is_offered_on_this_device_only_where_it_is_likely_a_phone(
    window: Callable[..., Page], stack: Stack, phone: Phone, mobile: bool, buttons: int
) -> None:
    phone.enrol(ANNA)
    desk = Desk(window(mobile=mobile), stack)
    desk.log_in(ANNA)
    desk.page.locator("#transfer-code").wait_for()
    expect(desk.page.get_by_role("link", name="smartIDENT auf diesem Gerät öffnen")).to_have_count(buttons)


def test_a_desk_whose_clock_is_ten_minutes_ahead_signs_in(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.page.add_init_script("const now = Date.now; Date.now = () => now() + 600_000;")
    wait_for_phone(desk)
    approve(phone, desk)
    expect(desk.page.get_by_role("heading", name="Willkommen")).to_be_visible()


def test_a_desk_whose_clock_is_a_day_behind_signs_in_after_a_reload_too(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.page.add_init_script("const now = Date.now; Date.now = () => now() - 86_400_000;")
    wait_for_phone(desk)
    desk.page.reload()
    expect(desk.page.locator(".news.live")).to_be_visible()
    approve(phone, desk)
    expect(desk.page.get_by_role("heading", name="Willkommen")).to_be_visible()
