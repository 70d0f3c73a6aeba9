"""A new phone by the old one, in two windows: shown, asked about, scanned, signed, and in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_laptop.demo.accounts import ANNA, SABINE
from tests.browser.desk import Desk
from tests.browser.notices import link_to
from tests.browser.phone import Phone
from tests.browser.test_scanning import CAMERA, NO_READER
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser
SMALL = (320, 568)
STORED = "Der Zugang wurde erfolgreich hinterlegt"
NO_CAMERA = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"


@pytest.fixture
def old(phone: Phone) -> Phone:
    phone.enrol(ANNA)
    return phone


@pytest.fixture
def new(window: Callable[..., Page], stack: Stack) -> Phone:
    return Phone(window(mobile=True), stack)


def said(phone: Phone, heading: str) -> None:
    expect(phone.page.get_by_role("heading", name=heading)).to_be_visible()


def test_a_new_phone_is_let_in_by_the_old_one_that_scans_it(old: Phone, new: Phone, desk: Desk) -> None:
    sent = old.count_sms(ANNA)
    new.ask_for_code(ANNA)
    said(new, "Ihr bisheriges Telefon bestätigt dieses")
    assert accessibility_faults(new.page) == []
    new.page.locator("#show").click()
    said(new, "Jetzt zum bisherigen Telefon")
    assert accessibility_faults(new.page) == []
    shown = new.page.locator("#fingerprint").text_content()

    old.page.add_init_script(CAMERA + NO_READER)
    old.page.reload()
    tile = old.page.locator("a.new-phone")
    expect(tile).to_contain_text("Neues Telefon")
    assert accessibility_faults(old.page) == []
    tile.click()
    said(old, "Halten Sie das neue Telefon selbst in der Hand?")
    expect(old.page.locator(".facts")).to_contain_text(str(shown))
    old.page.locator(".facts summary").click()
    expect(old.page.locator(".facts")).to_contain_text(ANNA.number)
    assert accessibility_faults(old.page) == []
    old.page.locator("#in-hand").click()
    said(old, "Code des neuen Telefons")
    expect(old.page.locator("#approve")).to_have_count(0)
    assert accessibility_faults(old.page) == []
    old.page.locator("#scan").click()
    old.page.evaluate("show('SMARTIDENT:604193')")
    old.page.wait_for_timeout(500)
    expect(old.page.locator("dialog")).to_be_visible()
    old.page.evaluate("(code) => show(code)", qr_text(new))
    said(old, "Code gelesen")
    expect(old.page.locator("#approve")).to_be_focused()
    assert accessibility_faults(old.page) == []
    old.approve()
    said(new, STORED)
    said(old, "Das neue Telefon ist eingerichtet")
    assert accessibility_faults(old.page) == []

    assert old.count_sms(ANNA) == sent
    old.page.locator(".button.main").click()
    expect(old.page.get_by_role("region", name="Ein weiteres Gerät")).to_have_count(0)
    new.page.locator(".button.main").click()
    desk.log_in(ANNA)
    new.open_request(desk)
    new.type_transfer_code(desk.transfer_code())
    new.approve()
    desk.wait_for_signed_in()


def test_the_old_phone_leaves_once_the_new_one_has_logged_in(old: Phone, new: Phone, desk: Desk, stack: Stack) -> None:
    digits = new.show_code(ANNA)
    old.question()
    old.page.locator("#in-hand").click()
    old.page.locator("#type").click()
    expect(old.page.locator("#retire")).not_to_be_checked()
    old.page.locator("#retire").check()
    old.page.locator("#pairing_digits").fill(digits)
    assert accessibility_faults(old.page) == []
    old.approve()
    said(new, STORED)
    said(old, "Das neue Telefon ist eingerichtet")
    expect(old.page.get_by_role("status")).to_contain_text("Danach ist dieses Telefon abgemeldet.")

    new.page.locator(".button.main").click()
    desk.log_in(ANNA)
    new.open_request(desk)
    new.type_transfer_code(desk.transfer_code())
    new.approve()
    desk.wait_for_signed_in()
    old.page.goto(f"{stack.url}/app/#/")
    expect(old.page.get_by_role("heading", name="Dieses Telefon ist abgemeldet")).to_be_visible()
    expect(old.page.get_by_role("status")).to_contain_text("So haben Sie es auf diesem hier bestätigt.")
    assert accessibility_faults(old.page) == []
    old.open_accounts()
    expect(old.page.locator("a.tile .badge")).to_have_text("Abgemeldet")
    old.page.locator("a.tile").click()
    expect(old.page.locator("#removed-by")).to_contain_text("so wie Sie es auf ihm freigegeben haben")
    assert accessibility_faults(old.page) == []

    # That was somebody else: the freeze brings the old phone back, and its app finds out by itself.
    desk.page.goto(link_to(stack))
    desk.page.locator("#freeze").click()
    expect(desk.page.get_by_role("heading", name="Ihr Zugang ist gesperrt")).to_be_visible()
    old.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(old.page.get_by_role("heading", name="Dieser Zugang ist gesperrt")).to_be_visible()
    expect(old.page.locator("#removed-by")).to_have_count(0)


def qr_text(phone: Phone) -> str:
    """What the code on the screen says, as a camera would read it."""
    told: str = phone.page.evaluate("""async () => {
      const { decodeQR } = await import("/vendor/qr/decode.js");
      const svg = document.querySelector("svg.qr");
      const size = svg.viewBox.baseVal.width;
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [size * 8, size * 8];
      const paper = canvas.getContext("2d");
      paper.fillStyle = "#fff";
      paper.fillRect(0, 0, size * 8, size * 8);
      paper.fillStyle = "#000";
      paper.scale(8, 8);
      paper.fill(new Path2D(svg.querySelector("path").getAttribute("d")));
      return decodeQR(paper.getImageData(0, 0, size * 8, size * 8));
    }""")
    assert re.fullmatch(r"SMARTIDENT-PAIRING:[\w-]{22}", told)
    return told


def test_where_there_is_no_camera_the_digits_are_typed(old: Phone, new: Phone) -> None:
    old.page.add_init_script(NO_CAMERA)
    old.page.reload()
    digits = new.show_code(ANNA)
    old.question()
    old.page.locator("#in-hand").click()
    expect(old.page.locator("#scan")).to_have_count(0)
    old.approve()
    expect(old.page.locator("#pairing_digits-error")).to_contain_text("alle acht Ziffern")
    old.page.locator("#pairing_digits").fill(f"{digits[:4]} {digits[4:]}")
    assert accessibility_faults(old.page) == []
    old.approve()
    said(new, STORED)


def test_a_camera_that_is_forbidden_leads_to_the_digits(old: Phone, new: Phone) -> None:
    forbidden = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); }"
    old.page.add_init_script(forbidden)
    old.page.reload()
    digits = new.show_code(ANNA)
    old.question()
    old.page.locator("#in-hand").click()
    old.page.locator("#scan").click()
    expect(old.page.locator("#pairing_digits-error")).to_contain_text("Bitte tippen Sie die acht Ziffern ein.")
    old.page.locator("#pairing_digits").fill(digits)
    old.approve()
    said(new, STORED)


def test_wrong_digits_decline_the_new_phone(old: Phone, new: Phone) -> None:
    digits = new.show_code(ANNA)
    old.question()
    old.page.locator("#in-hand").click()
    old.page.locator("#type").click()
    old.page.locator("#pairing_digits").fill(f"{(int(digits) + 1) % 10**8:08}")
    old.approve()
    said(old, "Nicht freigegeben")
    expect(old.page.get_by_role("status")).to_contain_text("Zur Sicherheit wurde es abgelehnt")
    said(new, "Einrichtung beendet")
    expect(new.page.get_by_role("alert")).to_contain_text("abgelehnt")
    assert accessibility_faults(new.page) == []
    new.page.get_by_role("button", name="Neu beginnen").click()
    said(new, "Neuen Zugang einrichten")


def test_a_person_who_does_not_hold_it_declines(old: Phone, new: Phone) -> None:
    new.show_code(ANNA)
    old.question()
    old.page.locator("#not-me").click()
    dialog = old.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ändern Sie danach Ihr Passwort.")
    assert accessibility_faults(old.page) == []
    dialog.get_by_role("button", name="Ablehnen und sperren").click()
    said(old, "Abgelehnt und gemeldet")
    assert accessibility_faults(old.page) == []
    said(new, "Einrichtung beendet")
    old.page.locator(".button.main").click()
    expect(old.page.locator("a.new-phone")).to_have_count(0)


def test_a_person_who_thinks_better_of_it_declines(old: Phone, new: Phone) -> None:
    new.show_code(ANNA)
    old.question()
    old.page.locator("#in-hand").click()
    old.page.locator("#decline").click()
    said(old, "Neues Telefon abgelehnt")
    said(new, "Einrichtung beendet")


def test_a_finger_that_does_not_match_changes_nothing(old: Phone, new: Phone) -> None:
    digits = new.show_code(ANNA)
    old.question()
    old.page.locator("#in-hand").click()
    old.page.locator("#type").click()
    old.page.locator("#pairing_digits").fill(digits)
    old.finger(right=False)
    old.approve()
    expect(old.page.get_by_role("alert").filter(has_text="nicht bestätigt")).to_be_visible()
    old.finger(right=True)
    old.approve()
    said(new, STORED)


def test_a_key_that_is_gone_is_not_asked_for_without_end(old: Phone, new: Phone) -> None:
    digits = new.show_code(ANNA)
    old.question()
    old.page.locator("#in-hand").click()
    old.page.locator("#type").click()
    old.page.locator("#pairing_digits").fill(digits)
    old.sensor.send("WebAuthn.clearCredentials", {"authenticatorId": old.authenticator})
    old.finger(right=False)
    for _ in range(3):
        old.approve()
        expect(old.page.locator("#approve.busy")).to_have_count(0)
        expect(old.page.get_by_role("alert").filter(has_text="nicht bestätigt")).to_be_visible()
    expect(old.page.get_by_role("alert").filter(has_text="vermutlich der Schlüssel")).to_be_visible()
    assert accessibility_faults(old.page) == []


@pytest.mark.parametrize("name", ["constructor", "__proto__", "<img src=x onerror=alert(1)>", "W" * 60])
def test_a_new_phone_with_such_a_name_is_called_by_it(old: Phone, new: Phone, name: str) -> None:
    new.page.goto(f"{new.stack.url}/app/#/new")
    new.page.locator("#identifier").fill(ANNA.number)
    new.page.locator("#password").fill(ANNA.password)
    new.page.locator("#device_name").fill(name)
    new.page.locator("form .button.main").click()
    new.page.locator("#show").wait_for()
    old.page.goto(f"{old.stack.url}/app/#/")
    old.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(old.page.locator("a.new-phone")).to_contain_text(name)
    old.question()
    expect(old.page.locator(".facts summary")).to_contain_text(name)
    old.page.locator("#in-hand").click()
    expect(old.page.locator(".same-phone")).to_contain_text(name)
    assert old.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_setup_survives_a_reload_on_either_phone(old: Phone, new: Phone) -> None:
    digits = new.show_code(ANNA)
    new.page.reload()
    expect(new.page.locator("#pairing-digits")).to_have_text(f"{digits[:4]} {digits[4:]}")
    new.page.goto(f"{new.stack.url}/app/#/")
    go_on = new.page.get_by_role("link", name="Einrichtung fortsetzen")
    expect(go_on).to_contain_text("Ihr bisheriges Telefon muss dieses noch freigeben.")
    old.question()
    old.page.reload()
    expect(old.page.locator("#in-hand")).to_be_visible()
    old.let_in(digits)
    go_on.click()
    said(new, STORED)


def test_a_finger_that_the_new_phone_refuses_is_asked_again(old: Phone, new: Phone) -> None:
    new.ask_for_code(ANNA)
    new.page.locator("#show").wait_for()
    new.finger(right=False)
    new.page.locator("#show").click()
    expect(new.page.get_by_role("alert")).to_contain_text("nicht bestätigt")
    new.finger(right=True)
    new.page.locator("#show").click()
    old.let_in((new.page.locator("#pairing-digits").text_content() or "").replace(" ", ""))
    said(new, STORED)


def test_what_is_over_says_so_on_both_phones(old: Phone, new: Phone) -> None:
    new.show_code(ANNA)
    old.question()
    expired = {"title": "Die Zeit für diese Einrichtung ist abgelaufen.", "code": "registration_expired"}
    old.page.route("**/v1/approvals", lambda route: route.fulfill(json={"approvals": []}))
    old.page.evaluate("dispatchEvent(new Event('focus'))")
    said(old, "Diese Anfrage gibt es nicht mehr")
    assert accessibility_faults(old.page) == []
    new.page.route("**/verify", lambda route: route.fulfill(status=410, json=expired))
    said(new, "Einrichtung beendet")
    expect(new.page.get_by_role("alert")).to_contain_text("abgelaufen")
    new.page.locator("#no-old-phone summary").click()
    expect(new.page.locator("#no-old-phone")).to_contain_text("rufen Sie bitte FinanceApp an.")


def test_two_places_stand_there_in_red(old: Phone, new: Phone) -> None:
    new.show_code(ANNA)

    def elsewhere(approvals: list[dict[str, object]]) -> dict[str, object]:
        return {
            "approvals": [{**one, "here": {"place": "Köln, DE", "asn": 3320}, "differs": True} for one in approvals]
        }

    old.page.route(
        "**/v1/approvals", lambda route: route.fulfill(json=elsewhere(route.fetch().json().get("approvals", [])))
    )
    old.question()
    notice = old.page.locator("#elsewhere")
    expect(notice).to_contain_text("Dieses Telefon: Köln, DE · AS3320")
    expect(notice).to_contain_text("Neues Telefon: ")
    assert accessibility_faults(old.page) == []


def test_a_setup_that_is_given_up_says_when_the_next_may_begin(old: Phone, new: Phone) -> None:
    new.show_code(ANNA)
    new.page.locator("#cancel").click()
    dialog = new.page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"erst in \d+ (Minuten|Sekunden) neu beginnen"))
    dialog.get_by_role("button", name="Nein, weiter").click()
    expect(new.page.locator("#pairing-digits")).to_be_visible()
    new.page.locator("#cancel").click()
    dialog.get_by_role("button", name="Ja, abbrechen").click()
    said(new, "Noch kein Zugang")


def test_a_phone_that_nobody_looks_at_asks_nothing(old: Phone, new: Phone) -> None:
    asked: list[str] = []
    new.page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/verify") else None)
    digits = new.show_code(ANNA)
    hide = "Object.defineProperty(document, 'visibilityState', { value: '%s', configurable: true })"
    new.page.evaluate(hide % "hidden")
    new.page.wait_for_timeout(4_000)
    before = len(asked)
    old.let_in(digits)
    new.page.wait_for_timeout(4_000)
    assert len(asked) == before
    new.page.evaluate(hide % "visible")
    new.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    said(new, STORED)


@pytest.mark.parametrize("locale", ["de-DE", "en-GB"])
def test_nothing_is_wider_than_a_small_phone(window: Callable[..., Page], stack: Stack, locale: str) -> None:
    old = Phone(window(locale, mobile=True, size=SMALL), stack)
    new = Phone(window(locale, mobile=True, size=SMALL), stack)
    old.enrol(SABINE)
    new.ask_for_code(SABINE)
    for phone, button in ((new, "#show"), (new, "#cancel"), (old, "")):
        if button:
            phone.page.locator(button).wait_for()
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if button == "#show":
            phone.page.locator(button).click()
            phone.page.locator("svg.qr").wait_for()
            # The old phone sees the whole code without scrolling.
            assert phone.page.evaluate("document.querySelector('svg.qr').getBoundingClientRect().bottom <= innerHeight")
    old.question()
    assert old.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    old.page.locator("#in-hand").click()
    old.page.locator("#type").click()
    assert old.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
