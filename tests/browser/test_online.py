"""What a browser says of its connection is a hint: whether the service answers, only asking tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import WebSocketRoute, expect

from smartident_laptop.demo.accounts import ANNA

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
SAYS_OFFLINE = "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });"


def test_a_browser_that_says_offline_lives_the_story(desk: Desk, phone: Phone) -> None:
    for page in (desk.page, phone.page):
        page.add_init_script(SAYS_OFFLINE)
    phone.enrol(ANNA)
    dropped: list[WebSocketRoute] = []

    def drop_the_first(socket: WebSocketRoute) -> None:
        dropped.append(socket)
        if len(dropped) == 1:
            socket.close()
        else:
            socket.connect_to_server()

    desk.page.route_web_socket(re.compile("."), drop_the_first)
    desk.log_in(ANNA)
    expect(desk.page.locator(".news.live")).to_be_visible()
    phone.page.evaluate("dispatchEvent(new Event('offline'))")
    desk.page.evaluate("dispatchEvent(new Event('offline'))")
    phone.open_request(desk)
    expect(desk.page.locator(".news.live")).to_be_visible()
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    desk.wait_for_signed_in()


def test_a_page_of_somebody_else_that_comes_with_200_is_no_answer(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    for page in (desk.page, phone.page):
        page.route("**/v1/**", lambda route: route.fulfill(body="<h1>Willkommen im Hotel</h1>"))
    expect(phone.page.get_by_role("status").filter(has_text="keine verständliche Antwort")).to_be_visible()
    desk.log_in(ANNA)
    expect(desk.page.locator("#form-error")).to_contain_text("keine verständliche Antwort")
