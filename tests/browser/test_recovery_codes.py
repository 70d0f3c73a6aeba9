"""A lost phone: codes made in time on one phone, printed, typed back, and one of them used with another."""

from __future__ import annotations

from pathlib import Path
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
LEFT = "#recovery-left"


@pytest.fixture
def old(phone: Phone) -> Phone:
    phone.enrol(ANNA)
    return phone


@pytest.fixture
def new(window: Callable[..., Page], stack: Stack) -> Phone:
    return Phone(window(mobile=True), stack)


def said(phone: Phone, heading: str) -> None:
    expect(phone.page.get_by_role("heading", name=heading)).to_be_visible()


def open_account(phone: Phone) -> None:
    phone.open_accounts()
    phone.page.locator("a.tile").first.click()
    expect(phone.page.locator(LEFT)).to_be_visible()


def make_codes(phone: Phone) -> list[str]:
    """Ten codes, typed back and valid."""
    open_account(phone)
    phone.page.locator("#recovery-codes").click()
    phone.page.locator("#make-codes").click()
    said(phone, "Ihre zehn Codes")
    codes = phone.page.locator("#codes li").all_text_contents()
    phone.page.locator("#recovery-code").fill(codes[3].lower().replace("-", " "))
    phone.page.locator("#confirm-codes").click()
    said(phone, "Die neuen Codes gelten")
    return codes


def test_codes_are_made_after_a_fingerprint_and_count_once_one_is_typed_back(old: Phone) -> None:
    open_account(old)
    expect(old.page.locator(LEFT)).to_contain_text("keine Wiederherstellungscodes")
    assert accessibility_faults(old.page) == []
    old.page.locator("#recovery-codes").click()
    said(old, "Wiederherstellungscodes")
    assert accessibility_faults(old.page) == []
    old.finger(right=False)
    old.page.locator("#make-codes").click()
    expect(old.page.get_by_role("alert")).not_to_be_empty()
    old.finger(right=True)
    old.page.locator("#make-codes").click()
    said(old, "Ihre zehn Codes")
    expect(old.page.locator("#codes li")).to_have_count(10)
    assert accessibility_faults(old.page) == []
    old.page.locator("#confirm-codes").click()
    expect(old.page.locator("#recovery-code-error")).to_contain_text("einen der zehn Codes")
    old.page.locator("#recovery-code").fill("0000-0000-0000-0000")
    old.page.locator("#confirm-codes").click()
    expect(old.page.locator("#recovery-code-error")).to_contain_text("gehört nicht zu den Codes")
    old.page.locator("#recovery-code").fill(old.page.locator("#codes li").first.text_content() or "")
    old.page.locator("#confirm-codes").click()
    said(old, "Die neuen Codes gelten")
    old.page.locator(".button.main").click()
    expect(old.page.locator(LEFT)).to_contain_text("Sie haben 10 Wiederherstellungscodes, erstellt")


def test_the_codes_go_on_paper_and_into_a_file_and_nothing_else_does(old: Phone, tmp_path: Path) -> None:
    open_account(old)
    old.page.locator("#recovery-codes").click()
    old.page.locator("#make-codes").click()
    said(old, "Ihre zehn Codes")
    codes = old.page.locator("#codes li").all_text_contents()
    with old.page.expect_download() as download:
        old.page.locator("#save-codes").click()
    download.value.save_as(tmp_path / "codes.txt")
    written = (tmp_path / "codes.txt").read_text(encoding="utf-8")
    assert all(code in written for code in codes)
    assert ANNA.number in written
    old.page.evaluate("globalThis.print = () => { document.title = 'printed'; }")
    old.page.locator("#print-codes").click()
    expect(old.page).to_have_title("printed")
    old.page.emulate_media(media="print")
    expect(old.page.locator("#codes")).to_be_visible()
    for left_out in (".bar", "#confirm-codes", "#print-codes"):
        expect(old.page.locator(left_out).first).to_be_hidden()


def test_a_lost_phone_is_replaced_by_password_and_code(old: Phone, new: Phone) -> None:
    codes, sent = make_codes(old), old.count_sms(ANNA)
    new.ask_for_code(ANNA)
    said(new, "Ihr bisheriges Telefon bestätigt dieses")
    new.page.locator("#no-old-phone summary").click()
    assert accessibility_faults(new.page) == []
    new.page.locator("#by-recovery-code").click()
    said(new, "Telefon verloren")
    assert accessibility_faults(new.page) == []
    new.page.locator("#identifier").fill(ANNA.number)
    new.page.locator("#password").fill(ANNA.password)
    new.page.locator("form .button.main").click()
    expect(new.page.locator("#recovery_code-error")).to_contain_text("Bitte geben Sie einen Wiederherstellungscode ein")
    new.page.locator("#recovery_code").fill("0000-0000-0000-0000")
    assert new.page.locator("#recovery_code").evaluate("(field) => field.scrollWidth <= field.clientWidth")
    new.page.locator("form .button.main").click()
    expect(new.page.locator("form > .error[role=alert]")).to_contain_text("passen nicht zusammen")
    new.page.locator("#recovery_code").fill(codes[7])
    new.page.locator("form .button.main").click()
    said(new, "Der Code stimmt")
    assert accessibility_faults(new.page) == []
    new.page.goto(f"{new.stack.url}/app/")
    new.page.locator("a.tile").click()
    said(new, "Der Code stimmt")
    new.page.locator("#finish").click()
    said(new, "Der Zugang wurde erfolgreich hinterlegt")
    expect(new.page.get_by_role("status").last).to_contain_text("Wartezeit")
    assert new.count_sms(ANNA) == sent
    # What it gave up for the code still waits: the old phone is asked, and the new one does not ask about itself.
    new.page.goto(f"{new.stack.url}/app/#/")
    expect(new.page.locator(".notice", has_text="Ein weiteres Gerät")).to_be_visible()
    expect(new.page.locator("a.new-phone")).to_have_count(0)
    old.page.goto(f"{old.stack.url}/app/#/")
    expect(old.page.locator("a.new-phone")).to_be_visible()
    old.page.goto(f"{old.stack.url}/app/#/")
    open_account(old)
    expect(old.page.locator(LEFT)).to_contain_text("noch 9 Wiederherstellungscodes")
