"""The devices of an account: renamed, blocked, removed; and the key that nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_laptop.demo.accounts import ANNA, SABINE, THOMAS
from tests.browser.phone import Phone
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser


def test_a_revoked_phone_says_so_and_can_be_cleared(window: Callable[..., Page], stack: Stack, phone: Phone) -> None:
    lost = Phone(window(mobile=True), stack)
    lost.enrol(ANNA)
    lost.page.goto(f"{stack.url}/app/#/new")
    lost.page.goto(f"{stack.url}/app/#/")
    phone.enrol(ANNA)
    lost.open_accounts()
    lost.page.locator("a.tile").click()
    lost.page.locator("details.rename summary[aria-label]").first.wait_for()
    current = lost.page.locator("li.tile").filter(has_text="Dieses Gerät")
    current.locator("summary").click()
    current.locator("input").fill("Verlorenes Telefon")
    current.get_by_role("button", name="Speichern").click()
    expect(current).to_contain_text("Verlorenes Telefon")
    phone.open_accounts()
    phone.page.locator("a.tile").click()
    phone.page.get_by_role("button", name="Verlorenes Telefon sperren").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Sperren").click()
    expect(phone.page.locator("li.tile").filter(has_text="Verlorenes Telefon")).to_contain_text("gesperrt")
    lost.page.goto(f"{stack.url}/app/#/")
    expect(lost.page.get_by_role("heading", name="Dieser Zugang ist hier gesperrt")).to_be_visible()
    assert accessibility_faults(lost.page) == []
    lost.open_accounts()
    expect(lost.page.locator("a.tile")).to_contain_text("Gesperrt")
    lost.page.locator("a.tile").click()
    assert accessibility_faults(lost.page) == []
    lost.page.get_by_role("button", name="Zugang von diesem Gerät entfernen").click()
    expect(lost.page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()


def test_a_phone_asks_about_one_that_came_after_it(window: Callable[..., Page], stack: Stack, phone: Phone) -> None:
    phone.enrol(SABINE)
    other = Phone(window(mobile=True), stack)
    other.enrol(SABINE)
    expect(other.page.get_by_role("region", name="Ein weiteres Gerät")).to_have_count(0)
    phone.page.evaluate("dispatchEvent(new Event('focus'))")
    asked = phone.page.get_by_role("region", name="Ein weiteres Gerät")
    expect(asked).to_contain_text("Dann sperren Sie es sofort und ändern Sie Ihr Passwort.")
    expect(asked).to_contain_text(SABINE.number)
    assert accessibility_faults(phone.page) == []
    asked.get_by_role("link", name="Ansehen").click()
    expect(phone.page.get_by_role("heading", name="Geräte")).to_be_visible()
    phone.open()
    asked.get_by_role("button", name="Das ist meins").click()
    expect(asked).to_have_count(0)
    phone.page.reload()
    expect(phone.page.get_by_text("Keine offenen Anfragen")).to_be_visible()
    expect(asked).to_have_count(0)


def test_removing_an_account_revokes_this_phone(phone: Phone) -> None:
    phone.enrol(SABINE)
    phone.open_accounts()
    phone.page.locator("a.tile").click()
    phone.page.get_by_role("button", name="Zugang von diesem Gerät entfernen").click()
    phone.page.keyboard.press("Escape")
    expect(phone.page.locator("#remove")).to_be_focused()
    phone.page.locator("#remove").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Entfernen").click()
    expect(phone.page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()


def test_the_device_key_cannot_be_read(phone: Phone) -> None:
    phone.enrol(ANNA)
    told = phone.page.evaluate("""async () => {
      const vault = await import("/app/vault.js");
      const [{ key }] = await vault.accounts();
      const read = await crypto.subtle.exportKey("jwk", key.privateKey).catch((error) => error.name);
      return [key.privateKey.extractable, read];
    }""")
    assert told == [False, "InvalidAccessError"]


def test_an_account_that_the_service_forgot_can_be_removed(phone: Phone) -> None:
    phone.enrol(SABINE)
    problem = {"type": "about:blank", "title": "", "status": 401, "code": "proof_invalid"}
    phone.page.route("**/v1/**", lambda route: route.fulfill(status=401, json=problem))
    expect(phone.page.get_by_role("heading", name="Dieser Zugang gilt hier nicht mehr")).to_be_visible()
    phone.open_accounts()
    expect(phone.page.locator("a.tile")).to_contain_text("Nicht mehr gültig")
    phone.page.locator("a.tile").click()
    phone.page.get_by_role("button", name="Zugang von diesem Gerät entfernen").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Entfernen").click()
    expect(phone.page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()


def test_a_mistyped_link_shows_the_app_all_the_same(window: Callable[..., Page], stack: Stack) -> None:
    page = window(mobile=True)
    page.goto(f"{stack.url}/app/#/request/%")
    expect(page.locator("h1")).to_be_visible()


def test_two_devices_of_one_kind_have_names_of_their_own(window: Callable[..., Page], stack: Stack) -> None:
    phones = [Phone(window(mobile=True), stack) for _ in range(2)]
    for phone in phones:
        phone.enrol(THOMAS)
    last = phones[-1]
    last.open_accounts()
    last.page.locator("a.tile").click()
    last.page.locator("li.tile").first.wait_for()
    names = [
        name.removesuffix("Dieses Gerät").strip() for name in last.page.locator("li.tile > strong").all_inner_texts()
    ]
    assert len(set(names)) == len(names) >= 2
    last.enrol(THOMAS)
    expect(last.page.get_by_role("heading", name="Freigabe")).to_be_visible()


def test_a_name_that_somebody_chose_is_left_alone(window: Callable[..., Page], stack: Stack) -> None:
    for _ in range(2):
        phone = Phone(window(mobile=True), stack)
        renamed: list[str] = []
        phone.page.route("**/v1/devices/*", lambda route, told=renamed: told.append(route.request.method))
        phone.page.goto(f"{stack.url}/app/#/new")
        phone.page.locator("#device_name").fill("Küche")
        sent = phone.count_sms(THOMAS)
        phone.page.locator("#identifier").fill(THOMAS.number)
        phone.page.locator("#password").fill(THOMAS.password)
        phone.page.locator("form .button.main").click()
        phone.page.locator("#code").fill(phone.read_sms(THOMAS, after=sent))
        phone.page.locator("form .button.main").click()
        phone.page.locator(".sign.good").wait_for()
        assert renamed == []
