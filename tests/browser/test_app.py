"""The smartIDENT app: enrolling, deciding, and what it keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_client.answers import Login
from smartident_client.wire import Wire
from smartident_laptop.demo.accounts import ANNA, SABINE, THOMAS
from tests.browser.phone import Phone
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def test_a_wrong_finger_approves_nothing_and_the_right_one_still_can(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.finger(right=False)
    phone.approve()
    expect(phone.page.get_by_role("alert").filter(has_text="nicht bestätigt")).to_be_visible()
    expect(phone.page.locator("#transfer_code")).to_have_value(desk.transfer_code().replace(" ", ""))
    phone.finger(right=True)
    phone.approve()
    desk.wait_for_signed_in()


def test_a_wrong_finger_registers_nothing_and_keeps_the_code(phone: Phone) -> None:
    sent = phone.count_sms(ANNA)
    phone.ask_for_code(ANNA)
    code = phone.read_sms(ANNA, after=sent)
    phone.page.locator("#code").fill(code)
    phone.finger(right=False)
    phone.page.locator("form .button.main").click()
    expect(phone.page.get_by_role("alert").filter(has_text="nicht bestätigt")).to_be_visible()
    expect(phone.page.locator("#code")).to_have_value(code)
    phone.finger(right=True)
    phone.page.locator("form .button.main").click()
    expect(phone.page.get_by_role("heading", name="Zugang gespeichert")).to_be_visible()


def test_a_wrong_transfer_code_is_one_strike(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    phone.open_request(desk)
    wrong = str((int(desk.transfer_code().replace(" ", "")) + 1) % 1_000_000).zfill(6)
    phone.type_transfer_code(wrong)
    phone.approve()
    expect(phone.page.get_by_role("heading", name="Nicht freigegeben")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Anmeldung abgelehnt")).to_be_visible()


def test_a_wrong_code_counts_down_and_keeps_one_passkey(phone: Phone) -> None:
    sent = phone.count_sms(THOMAS)
    phone.ask_for_code(THOMAS)
    code = phone.read_sms(THOMAS, after=sent)
    phone.page.locator("#code").fill(str((int(code) + 1) % 1_000_000).zfill(6))
    phone.page.locator("form .button.main").click()
    expect(phone.page.locator("#code-error")).to_contain_text("Sie haben noch 2 Versuche")
    phone.page.locator("#code").fill(code)
    phone.page.locator("form .button.main").click()
    expect(phone.page.get_by_role("heading", name="Zugang gespeichert")).to_be_visible()
    made = phone.sensor.send("WebAuthn.getCredentials", {"authenticatorId": phone.authenticator})
    assert len(made["credentials"]) == 1


def test_after_three_wrong_codes_one_starts_again(phone: Phone) -> None:
    sent = phone.count_sms(THOMAS)
    phone.ask_for_code(THOMAS)
    code = int(phone.read_sms(THOMAS, after=sent))
    for wrong in (1, 2, 3):
        phone.page.locator("#code").fill(str((code + wrong) % 1_000_000).zfill(6))
        phone.page.locator("form .button.main").click()
        expect(phone.page.get_by_role("alert").filter(has_text="Code").first).to_be_visible()
        phone.page.wait_for_timeout(300)
    expect(phone.page.get_by_role("button", name="Neu beginnen")).to_be_visible()
    assert accessibility_faults(phone.page) == []


def test_a_registration_survives_the_way_to_the_sms(phone: Phone) -> None:
    sent = phone.count_sms(ANNA)
    phone.ask_for_code(ANNA)
    code = phone.read_sms(ANNA, after=sent)
    phone.open()
    phone.page.get_by_role("link", name="Einrichtung fortsetzen").click()
    phone.page.locator("#code").fill(code)
    phone.page.locator("form .button.main").click()
    expect(phone.page.get_by_role("heading", name="Zugang gespeichert")).to_be_visible()


def test_a_code_may_be_pasted_with_spaces(phone: Phone) -> None:
    phone.ask_for_code(ANNA)
    phone.page.locator("#code").focus()
    phone.page.evaluate("navigator.clipboard.writeText(' 123 456\\n')")
    phone.page.keyboard.press("Control+V")
    expect(phone.page.locator("#code")).to_have_value("123456")


def test_a_new_sms_can_be_had_after_the_countdown(phone: Phone) -> None:
    sent = phone.count_sms(SABINE)
    phone.ask_for_code(SABINE)
    expect(phone.page.locator("#resend")).to_contain_text("möglich in")
    phone.page.get_by_role("button", name="Neue SMS anfordern").click(timeout=15_000)
    expect(phone.page.get_by_role("status").filter(has_text="unterwegs")).to_be_visible()
    phone.page.locator("#code").fill(phone.read_sms(SABINE, after=sent + 1))
    phone.page.locator("form .button.main").click()
    expect(phone.page.get_by_role("heading", name="Zugang gespeichert")).to_be_visible()


def test_two_accounts_on_one_phone(window: Callable[..., Page], stack: Stack, desk: Desk, phone: Phone) -> None:
    phone.enrol(SABINE)
    phone.enrol(THOMAS)
    desk.log_in(SABINE)
    other = type(desk)(window(), stack)
    other.log_in(THOMAS)
    expect(phone.request(desk)).to_contain_text(SABINE.number)
    expect(phone.request(other)).to_contain_text(THOMAS.number)
    for waiting in (desk, other):
        phone.open_request(waiting)
        phone.type_transfer_code(waiting.transfer_code())
        phone.approve()
        waiting.wait_for_signed_in()
        phone.page.get_by_role("link", name="Fertig").click()


def test_a_stranger_is_reported(window: Callable[..., Page], stack: Stack, desk: Desk, phone: Phone) -> None:
    phone.enrol(THOMAS)
    desk.log_in(THOMAS)
    phone.open_request(desk)
    phone.page.route("**/v1/approvals/*", lambda route: route.fulfill(json={"status": "denied"}))
    with phone.page.expect_request("**/v1/approvals/*") as told:
        phone.page.get_by_role("button", name="Das war ich nicht").click()
    assert told.value.post_data_json == {"decision": "deny", "reason": "not_me"}
    expect(phone.page.get_by_role("heading", name="Abgelehnt und gemeldet")).to_be_visible()


def test_what_the_service_cannot_tell_of_who_asks_is_said_in_words(stack: Stack, phone: Phone) -> None:
    phone.enrol(SABINE)
    credentials = json.dumps({"identifier": SABINE.number, "password": SABINE.password}).encode()
    with Wire(stack.url, headers={"User-Agent": "unheard-of/1.0"}) as wire:
        login = wire.send("POST", "/v1/logins", body=credentials, answer=Login)
    request = phone.page.locator(f'a.request[href="#/request/{login.login_id}"]')
    expect(request).not_to_contain_text("?")
    request.click()
    facts = phone.page.locator(".facts")
    expect(facts).to_contain_text("unbekannt")
    expect(facts).not_to_contain_text("?")
    phone.page.locator("#decline").click()
    phone.page.get_by_role("link", name="Fertig").click()
    phone.page.locator("a.tile", has_text=SABINE.number).click()
    expect(phone.page.locator(".events li", has_text="abgelehnt").first).to_be_visible()
    expect(phone.page.locator(".events")).not_to_contain_text("?")
