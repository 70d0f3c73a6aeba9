"""Whatever happens between the two windows, the waiting page ends well."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, Page, Route, expect

from smartident_laptop.demo.accounts import ANNA, JONAS, SABINE, THOMAS
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser


def approve(phone: Phone, desk: Desk) -> None:
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    phone.page.locator(".sign.good").wait_for()


def completions(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/complete") else None)
    return asked


def test_the_page_moves_on_by_itself_and_completes_once(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    asked = completions(desk.page)
    desk.log_in(ANNA)
    expect(desk.page.locator(".news.live")).to_be_visible()
    approve(phone, desk)
    desk.wait_for_signed_in()
    assert len(asked) == 1


def test_a_blocked_websocket_only_makes_it_slower(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.page.route_web_socket(re.compile("."), lambda socket: socket.close())
    desk.log_in(ANNA)
    expect(desk.page.locator(".news.polling")).to_be_visible()
    approve(phone, desk)
    desk.wait_for_signed_in()


def test_a_silent_websocket_is_given_up(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.page.route_web_socket(re.compile("."), lambda _: None)
    desk.log_in(ANNA)
    approve(phone, desk)
    desk.wait_for_signed_in()


def test_an_approval_before_the_page_is_connected_counts(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    approved: list[bool] = []
    desk.page.route_web_socket(re.compile("."), lambda socket: socket.close())
    desk.page.route("**/v1/logins/*", lambda route: route.continue_() if approved else route.abort())
    desk.log_in(ANNA)
    approve(phone, desk)
    approved.append(True)
    desk.wait_for_signed_in()


def test_offline_and_back(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    expect(desk.page.locator(".news.live")).to_be_visible()
    desk.page.context.set_offline(True)
    expect(desk.page.locator(".news.offline")).to_be_visible()
    approve(phone, desk)
    desk.page.context.set_offline(False)
    desk.wait_for_signed_in()


def test_a_lost_answer_to_completing_is_asked_for_again(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    desk.page.route("**/complete", lose, times=1)
    desk.log_in(ANNA)
    approve(phone, desk)
    desk.wait_for_signed_in()
    assert lost == [200]


def test_a_declined_login_says_so(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    phone.open_request(desk)
    phone.page.get_by_role("button", name="Ablehnen").click()
    expect(phone.page.get_by_role("heading", name="Anmeldung abgelehnt")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Anmeldung abgelehnt")).to_be_visible()
    assert accessibility_faults(desk.page) == []
    desk.page.get_by_role("button", name="Neu anmelden").click()
    expect(desk.page.locator("#identifier")).to_be_visible()


def test_an_expired_login_says_so(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.page.route_web_socket(re.compile("."), lambda socket: socket.close())
    desk.page.route("**/v1/logins/*", lambda route: route.fulfill(json={"status": "expired"}))
    desk.log_in(ANNA)
    expect(desk.page.get_by_role("heading", name="Zeit abgelaufen")).to_be_visible()


def test_a_login_that_its_own_page_cannot_hand_over_is_not_called_late(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); };")
    desk.log_in(ANNA)
    approve(phone, desk)
    expect(desk.page.get_by_role("heading", name="Anmeldung nicht abgeschlossen")).to_be_visible()
    expect(desk.page.locator(".lead")).to_contain_text("Auf dieser Seite ist etwas schiefgegangen")


def test_a_cancelled_login_vanishes_from_the_phone(desk: Desk, phone: Phone) -> None:
    phone.enrol(SABINE)
    desk.log_in(SABINE)
    phone.open_request(desk)
    desk.page.get_by_role("button", name="Abbrechen").click()
    expect(desk.page.get_by_role("heading", name="Anmeldung abgebrochen")).to_be_visible()
    expect(phone.page.get_by_role("heading", name="Diese Anfrage gibt es nicht mehr")).to_be_visible()
    assert accessibility_faults(phone.page) == []


def test_without_a_second_factor_the_password_is_enough(desk: Desk) -> None:
    desk.log_in(JONAS)
    desk.wait_for_signed_in()
    expect(desk.page.locator(".facts")).to_contain_text("Passwort")
    expect(desk.page.locator(".facts")).not_to_contain_text("Fingerabdruck")


def test_a_second_tab_has_a_login_of_its_own(
    window: Callable[..., Page], stack: Stack, desk: Desk, phone: Phone
) -> None:
    phone.enrol(THOMAS)
    desk.log_in(THOMAS)
    desk.page.locator("#transfer-code").wait_for()
    second = type(desk)(desk.page.context.new_page(), stack)
    second.log_in(THOMAS)
    second.page.locator("#transfer-code").wait_for()
    expect(phone.request(desk)).to_be_visible()
    approve(phone, second)
    second.wait_for_signed_in()
    expect(desk.page.locator("#transfer-code")).to_be_visible()


def test_reloading_the_signed_in_page_ends_the_session_and_leaves_nothing(desk: Desk) -> None:
    desk.log_in(JONAS)
    desk.wait_for_signed_in()
    kept = desk.page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, document.cookie])"
    )
    assert "eyJ" not in kept
    assert JONAS.password not in kept
    assert "eyJ" not in desk.page.content()
    desk.page.reload()
    expect(desk.page.get_by_role("heading", name="Sie sind abgemeldet")).to_be_visible()


def test_a_laptop_that_slept_moves_on_when_it_wakes(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    expect(desk.page.locator(".news.live")).to_be_visible()
    lid = desk.page.context.new_cdp_session(desk.page)
    here, code = desk.request(), desk.transfer_code()
    lid.send("Page.setWebLifecycleState", {"state": "frozen"})
    phone.page.locator(f'a.request[href="{here}"]').click()
    phone.type_transfer_code(code)
    phone.approve()
    phone.page.locator(".sign.good").wait_for()
    # Where Chromium froze the page too late it has moved on by itself, and there is nothing left to wake.
    with suppress(Error):
        lid.send("Page.setWebLifecycleState", {"state": "active"})
    desk.wait_for_signed_in()
