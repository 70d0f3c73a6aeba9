"""Zugang sperren: on the page behind a notice's link, where only a press of the button counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from smartident_client import base64url
from smartident_laptop.demo.accounts import ANNA
from tests.browser.desk import Desk
from tests.browser.notices import link_to
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser


def test_the_link_of_a_notice_changes_nothing_and_its_button_freezes(
    desk: Desk, phone: Phone, window: Callable[..., Page]
) -> None:
    phone.enrol(ANNA)
    page, link = desk.page, link_to(desk.stack)
    page.goto(link)
    expect(page.get_by_role("heading", name="Zugang sperren?")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Freeze the account?")).to_be_visible()
    page.get_by_role("button", name="Deutsch").click()
    waiting, later = (Desk(window(), desk.stack) for _ in range(2))
    waiting.log_in(ANNA)
    waiting.page.locator("#transfer-code").wait_for()
    page.locator("#freeze").click()
    expect(page.get_by_role("heading", name="Ihr Zugang ist gesperrt")).to_be_focused()
    later.log_in(ANNA)
    expect(later.page.get_by_role("alert").filter(has_text="Passwort")).to_be_visible()


def test_a_page_that_waits_says_by_itself_that_the_login_ended(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    # From here on the page has its WebSocket, and asks by it only once in 45 seconds.
    expect(desk.page.locator(".news.live")).to_be_visible()
    desk.page.route("**/v1/logins/*", lambda route: route.abort())
    phone.open_accounts()
    phone.page.locator("ul.tiles a.tile").click()
    phone.page.locator("#freeze").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Ja, sperren").click()
    expect(phone.page.get_by_role("heading", name="Dieser Zugang ist gesperrt")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Anmeldung abgelehnt")).to_be_visible(timeout=5_000)


def test_the_app_freezes_at_one_question_and_says_that_a_young_phone_may_not_open(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    phone.open_accounts()
    phone.page.locator("ul.tiles a.tile").click()
    phone.page.locator("#freeze").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Abbrechen").click()
    expect(phone.page.locator("#freeze")).to_be_visible()
    phone.page.locator("#freeze").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Ja, sperren").click()
    expect(phone.page.get_by_role("heading", name="Dieser Zugang ist gesperrt")).to_be_visible()
    expect(phone.page.get_by_text("darf den Zugang nicht öffnen")).to_be_visible()
    expect(phone.page.locator("#open")).to_have_count(0)
    desk.log_in(ANNA)
    expect(desk.page.get_by_role("alert").filter(has_text="Passwort")).to_be_visible()
    phone.page.locator("#tab-approvals").click()
    expect(phone.page.get_by_role("heading", name="Freigabe")).to_be_visible()
    expect(phone.page.get_by_role("heading", name="Dieser Zugang ist gesperrt")).to_be_visible()
    expect(phone.page.locator(".nothing")).not_to_contain_text("Melden Sie sich")
    assert accessibility_faults(phone.page) == []


def test_the_app_opens_with_the_finger_what_it_froze(phone: Phone) -> None:
    """The phone is told that it may; what the service makes of the signature, tests/freeze shows."""
    phone.enrol(ANNA)
    sent: list[Any] = []
    told = {"approvals": [], "frozen": {"frozen_at": 1_790_000_000, "may_open": True}}
    phone.page.route("**/v1/approvals", lambda route: route.fulfill(json={"approvals": []} if sent else told))

    def opened(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fulfill(status=204)

    phone.page.route("**/v1/account/open", opened)
    phone.open_accounts()
    phone.page.locator("ul.tiles a.tile").click()
    phone.finger(right=False)
    phone.page.locator("#open").click()
    expect(phone.page.get_by_role("alert").filter(has_text="nicht bestätigt")).to_be_visible()
    phone.finger(right=True)
    phone.page.locator("#open").click()
    expect(phone.page.locator("#freeze")).to_be_visible()
    said = json.loads(base64url.decode(sent[0]["statement"]))
    assert (said["purpose"], said["frozen_at"]) == ("smartident-open-account", 1_790_000_000)


def test_a_page_without_its_token_and_a_link_that_is_not_ours_say_what_to_do(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.stack.url}/freeze/")
    expect(page.get_by_role("heading", name="Hier fehlt etwas")).to_be_visible()
    expect(page.locator("#freeze")).to_have_count(0)
    page.goto("about:blank")
    page.goto(f"{desk.stack.url}/freeze/#a.b.1.c")
    page.locator("#freeze").click()
    expect(page.locator("#refused")).to_contain_text("Dieser Link gilt nicht.")
    page.route("**/v1/notices/freeze", lambda route: route.abort())
    page.locator("#freeze").click()
    expect(page.locator("#refused")).to_contain_text("Keine Verbindung")
