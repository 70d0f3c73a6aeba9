"""The eight steps of the story, by one person with two windows."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA, MIRIAM
from smartident_laptop.stack import Stack
from tests.browser.desk import Desk
from tests.browser.phone import Phone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_one_person_with_two_windows_lives_the_eight_steps(desk: Desk, phone: Phone) -> None:
    desk.log_in(MIRIAM)
    expect(desk.page.get_by_role("heading", name="Richten Sie zuerst Ihr Telefon ein")).to_be_visible()
    phone.open()
    expect(phone.page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()
    plus = phone.page.get_by_role("banner").get_by_role("link", name="Neuen Zugang einrichten")
    plus.click()
    phone.enrol(MIRIAM)
    desk.log_in(MIRIAM)
    expect(desk.page.locator("#transfer-code")).to_have_text(re.compile(r"\d{3} \d{3}"))
    phone.open_request(desk)
    expect(phone.page.locator(".facts")).to_contain_text(MIRIAM.number)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    expect(phone.page.get_by_role("heading", name="Anmeldung abgeschlossen")).to_be_visible()
    expect(phone.page.get_by_role("status")).to_contain_text("Sie können die App nun schließen")
    desk.wait_for_signed_in()
    expect(desk.page.get_by_role("heading", name="Willkommen")).to_be_visible()


def test_a_request_appears_within_three_seconds_while_the_app_is_open(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    phone.page.clock.pause_at(time.time() + 60)
    desk.log_in(ANNA)
    desk.page.locator("#transfer-code").wait_for()
    phone.page.clock.run_for(3_000)
    phone.request(desk).wait_for()


def test_enrolling_again_leaves_one_phone_not_two(window: Callable[..., Page], phone: Phone) -> None:
    other = Phone(window(mobile=True), phone.stack)
    other.enrol(ANNA)
    phone.enrol_by(other, ANNA)
    phone.enrol_by(other, ANNA)
    phone.open_accounts()
    phone.page.locator("a.tile").click()
    current = phone.page.locator("li.tile").filter(has_text="Dieses Gerät")
    expect(current).to_have_count(1)
    phone.page.get_by_role("heading", name="Letzte Ereignisse").wait_for()
    # Of the same second as the second enrolment, and so before or after it.
    expect(phone.page.locator(".events li").filter(has_text="Gerät gesperrt").first).to_be_visible()


def test_an_operator_may_do_without_transfer_codes(chromium: Browser, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log, Stack(parameters={"TransferCodeDigits": "0"}, log=log) as plain:
        desk = Desk(chromium.new_context(locale="de-DE").new_page(), plain)
        phone = Phone(chromium.new_context(locale="de-DE").new_page(), plain)
        phone.enrol(ANNA)
        desk.log_in(ANNA)
        phone.open_request(desk)
        expect(desk.page.locator(".transfer")).to_have_count(0)
        expect(phone.page.locator("#transfer_code")).to_have_count(0)
        phone.approve()
        desk.wait_for_signed_in()
        for window in (desk, phone):
            window.page.context.close()
