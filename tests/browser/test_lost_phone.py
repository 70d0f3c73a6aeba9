"""A phone in place of a lost one, in two windows: it waits, the old one sees it and stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_laptop.demo.accounts import ANNA
from tests.browser.phone import Phone
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def waiting(phone: Phone, window: Callable[..., Page], stack: Stack) -> Phone:
    """Anna's phone is enrolled in `phone`; another one waits in its place."""
    phone.enrol(ANNA)
    new = Phone(window(mobile=True), stack)
    sent = phone.count_sms(ANNA)
    new.page.goto(f"{stack.url}/app/#/new/lost")
    new.page.locator("#identifier").fill(ANNA.number)
    new.page.locator("#password").fill(ANNA.password)
    new.page.locator("form .button.main").click()
    new.page.locator("#code").fill(phone.read_sms(ANNA, after=sent))
    new.page.locator("form .button.main").click()
    new.page.get_by_role("heading", name="Dieses Telefon wartet").wait_for()
    return new


def test_a_new_phone_waits_and_the_old_one_stops_it(phone: Phone, waiting: Phone, stack: Stack) -> None:
    assert accessibility_faults(waiting.page) == []
    expect(waiting.page.locator("#finish")).to_have_count(0)
    phone.page.goto(f"{stack.url}/app/#/")
    phone.page.locator("a.new-phone").click()
    phone.page.get_by_role("heading", name="Haben Sie ein Telefon verloren?").wait_for()
    assert accessibility_faults(phone.page) == []
    phone.page.locator("#stop").click()
    expect(phone.page.get_by_role("heading", name="Aufgehalten")).to_be_visible()
    phone.page.locator(".button.main").click()
    expect(phone.page.locator("a.new-phone")).to_have_count(0)
    waiting.page.reload()
    expect(waiting.page.get_by_role("heading", name="Einrichtung beendet")).to_be_visible()
    expect(waiting.page.get_by_role("alert")).to_contain_text("auf einem anderen Gerät aufgehalten")
    assert accessibility_faults(waiting.page) == []
    waiting.page.locator(".button.main").click()
    expect(waiting.page.get_by_role("heading", name="Neuen Zugang einrichten")).to_be_visible()


def test_a_phone_that_waits_says_so_when_the_app_is_opened_again(waiting: Phone, stack: Stack) -> None:
    waiting.page.goto(f"{stack.url}/app/#/")
    waiting.page.reload()
    waiting.page.locator("a.tile", has_text="Dieses Telefon wartet noch").click()
    expect(waiting.page.get_by_role("heading", name="Dieses Telefon wartet")).to_be_visible()
