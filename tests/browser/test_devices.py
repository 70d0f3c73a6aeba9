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
    phone.enrol_by(lost, ANNA)
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
    expect(lost.page.locator("#removed-by")).to_contain_text("Gesperrt hat es „Mein")
    expect(lost.page.get_by_role("heading", name="Letzte Ereignisse")).to_be_visible()
    expect(lost.page.get_by_text("Gerät eingerichtet").first).to_be_visible()
    assert accessibility_faults(lost.page) == []
    lost.page.get_by_role("button", name="Zugang von diesem Gerät entfernen").click()
    expect(lost.page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()


def test_a_phone_asks_about_each_other_that_it_did_not_let_in(
    window: Callable[..., Page], stack: Stack, phone: Phone
) -> None:
    phone.enrol(SABINE)
    other = Phone(window(mobile=True), stack)
    third = Phone(window(mobile=True), stack)
    third.enrol_by(phone, SABINE)
    other.enrol_by(third, SABINE)
    expect(other.page.get_by_role("region", name="Ein weiteres Gerät")).to_have_count(2)
    phone.page.locator(".button.main").click()
    asked = phone.page.get_by_role("region", name="Ein weiteres Gerät")
    expect(asked).to_have_count(1)
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
    first, last = [Phone(window(mobile=True), stack) for _ in range(2)]
    first.enrol(THOMAS)
    last.enrol_by(first, THOMAS)
    last.open_accounts()
    last.page.locator("a.tile").click()
    last.page.locator("li.tile").first.wait_for()
    names = [
        name.removesuffix("Dieses Gerät").strip() for name in last.page.locator("li.tile > strong").all_inner_texts()
    ]
    assert len(set(names)) == len(names) >= 2
    last.enrol_by(first, THOMAS)
    expect(last.page.get_by_role("heading", name="Freigabe")).to_be_visible()


def test_a_name_that_somebody_chose_is_left_alone(window: Callable[..., Page], stack: Stack) -> None:
    first, second = [Phone(window(mobile=True), stack) for _ in range(2)]
    first.enrol(THOMAS)
    first.open_accounts()
    first.page.locator("a.tile").click()
    first.page.locator("details.rename summary").click()
    first.page.locator("li.tile input").fill("Küche")
    first.page.get_by_role("button", name="Speichern").click()
    expect(first.page.locator("li.tile")).to_contain_text("Küche")
    renamed: list[str] = []
    second.page.route("**/v1/devices/*", lambda route: renamed.append(route.request.method))
    second.page.goto(f"{stack.url}/app/#/new")
    second.page.locator("#device_name").fill("Küche")
    second.page.locator("#identifier").fill(THOMAS.number)
    second.page.locator("#password").fill(THOMAS.password)
    second.page.locator("form .button.main").click()
    second.page.locator("#show").click()
    first.let_in((second.page.locator("#pairing-digits").text_content() or "").replace(" ", ""))
    second.page.locator(".sign.good").wait_for()
    assert renamed == []


def test_a_person_signs_out_everywhere(stack: Stack, phone: Phone) -> None:
    phone.enrol(THOMAS)
    phone.open_accounts()
    phone.page.locator("a.tile").click()
    phone.page.get_by_role("button", name="Überall abmelden").click()
    assert accessibility_faults(phone.page) == []
    phone.page.get_by_role("dialog").get_by_role("button", name="Überall abmelden").click()
    expect(phone.page.get_by_text("Sie sind überall abgemeldet.")).to_be_visible()
    expect(phone.page.get_by_role("region", name="Letzte Ereignisse")).to_contain_text("Überall abgemeldet")
    assert accessibility_faults(phone.page) == []
