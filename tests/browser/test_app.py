"""The smartIDENT app: enrolling, deciding, and what it keeps."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

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
    expect(phone.page.get_by_role("heading", name="Der Zugang wurde erfolgreich hinterlegt")).to_be_visible()


def test_a_wrong_transfer_code_is_one_strike(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    phone.open_request(desk)
    wrong = str((int(desk.transfer_code().replace(" ", "")) + 1) % 1_000_000).zfill(6)
    phone.type_transfer_code(wrong)
    phone.approve()
    expect(phone.page.get_by_role("heading", name="Nicht freigegeben")).to_be_visible()
    expect(
        desk.page.get_by_role("heading", name=re.compile("Anmeldung abgelehnt|Übertragungscode war falsch"))
    ).to_be_visible()


def test_a_wrong_code_counts_down_and_keeps_one_passkey(phone: Phone) -> None:
    sent = phone.count_sms(THOMAS)
    phone.ask_for_code(THOMAS)
    code = phone.read_sms(THOMAS, after=sent)
    phone.page.locator("#code").fill(str((int(code) + 1) % 1_000_000).zfill(6))
    phone.page.locator("form .button.main").click()
    expect(phone.page.locator("#code-error")).to_contain_text("Sie haben noch 2 Versuche")
    expect(phone.page.get_by_role("alert").filter(has_text="Bestätigungscode stimmt nicht")).to_have_count(1)
    phone.page.locator("#code").fill(code)
    phone.page.locator("form .button.main").click()
    expect(phone.page.get_by_role("heading", name="Der Zugang wurde erfolgreich hinterlegt")).to_be_visible()
    made = phone.sensor.send("WebAuthn.getCredentials", {"authenticatorId": phone.authenticator})
    assert len(made["credentials"]) == 1


def test_after_three_wrong_codes_one_starts_again(phone: Phone) -> None:
    sent = phone.count_sms(THOMAS)
    phone.ask_for_code(THOMAS)
    code = int(phone.read_sms(THOMAS, after=sent))
    for wrong in (1, 2, 3):
        phone.page.locator("#code").fill(str((code + wrong) % 1_000_000).zfill(6))
        phone.forget_alerts()
        phone.page.locator("form .button.main").click()
        expect(phone.page.get_by_role("alert").filter(has_text="Code").first).to_be_visible()
    expect(phone.page.get_by_role("button", name="Neu beginnen")).to_be_visible()
    assert accessibility_faults(phone.page) == []


def test_a_registration_survives_the_way_to_the_sms(phone: Phone) -> None:
    sent = phone.count_sms(ANNA)
    phone.ask_for_code(ANNA)
    phone.page.locator("#code").wait_for()
    code = phone.read_sms(ANNA, after=sent)
    phone.open()
    phone.page.get_by_role("link", name="Einrichtung fortsetzen").click()
    phone.page.locator("#code").fill(code)
    phone.page.locator("form .button.main").click()
    expect(phone.page.get_by_role("heading", name="Der Zugang wurde erfolgreich hinterlegt")).to_be_visible()


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
    expect(phone.page.get_by_role("heading", name="Der Zugang wurde erfolgreich hinterlegt")).to_be_visible()


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
    phone.page.get_by_role("button", name="Das war ich nicht").click()
    asked = phone.page.get_by_role("dialog")
    expect(asked).to_contain_text("für eine Stunde.")
    assert accessibility_faults(phone.page) == []
    asked.get_by_role("button", name="Abbrechen").click()
    expect(phone.page.locator("#not-me-hint")).to_have_text(
        "Lehnt ab und sperrt diesen Internetanschluss für eine Stunde."
    )
    phone.page.get_by_role("button", name="Das war ich nicht").click()
    with phone.page.expect_request("**/v1/approvals/*") as told:
        asked.get_by_role("button", name="Ablehnen und sperren").click()
    assert told.value.post_data_json == {"decision": "deny", "reason": "not_me"}
    expect(phone.page.get_by_role("heading", name="Abgelehnt und gemeldet")).to_be_visible()
    expect(phone.page.get_by_role("status").filter(has_text="ist 60 Minuten lang gesperrt.")).to_be_visible()


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
    phone.open_accounts()
    phone.page.locator("a.tile", has_text=SABINE.number).click()
    expect(phone.page.locator(".events li", has_text="abgelehnt").first).to_be_visible()
    expect(phone.page.locator(".events")).not_to_contain_text("?")


def test_two_requests_of_one_browser_can_be_told_apart(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    second = type(desk)(desk.page.context.new_page(), desk.stack)
    for waiting in (desk, second):
        waiting.log_in(ANNA)
        waiting.page.locator("#transfer-code").wait_for()
        # No person logs in twice in one second.
        waiting.page.wait_for_timeout(1_001)
    requests = phone.page.locator("a.request")
    for waiting in (desk, second):
        colour = waiting.page.locator(".login-mark").inner_text()
        assert colour
        expect(phone.request(waiting).locator(".login-mark")).to_have_text(colour)
        expect(phone.request(waiting)).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    told = requests.all_inner_texts()
    assert len(set(told)) == len(told)
    expect(requests.first).to_have_attribute("href", second.request())
    expect(phone.page.locator("#tab-approvals")).to_contain_text(f"({len(told)} offene Anfragen)")


def test_a_request_that_arrives_meanwhile_is_told_and_takes_nothing_away(desk: Desk, phone: Phone) -> None:
    phone.enrol(SABINE)
    desk.log_in(SABINE)
    phone.open_request(desk)
    phone.type_transfer_code("123")
    second = type(desk)(desk.page.context.new_page(), desk.stack)
    second.log_in(SABINE)
    expect(phone.page.get_by_role("link", name=re.compile("Noch eine Anfrage wartet|Anfragen warten"))).to_be_visible()
    expect(phone.page.locator("#transfer_code")).to_have_value("123")


def test_a_key_that_is_gone_from_the_phone_is_thought_of_after_three_tries(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    known = {"authenticatorId": phone.authenticator}
    for credential in phone.sensor.send("WebAuthn.getCredentials", known)["credentials"]:
        phone.sensor.send("WebAuthn.removeCredential", {**known, "credentialId": credential["credentialId"]})
    desk.log_in(ANNA)
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    for tries in (1, 2, 3):
        expect(phone.page.get_by_text("Bitte richten Sie den Zugang neu ein.")).to_have_count(0)
        phone.forget_alerts()
        phone.approve()
        expect(phone.page.get_by_role("alert").filter(has_text="nicht bestätigt")).to_be_visible()
        if tries == 2:
            # The next time is another request, after the app was closed.
            phone.page.reload()
            phone.page.locator("#transfer_code").fill("123456")
    expect(phone.page.get_by_role("alert").filter(has_text="Bitte richten Sie den Zugang neu ein.")).to_be_visible()
    assert accessibility_faults(phone.page) == []
    phone.page.get_by_role("link", name="Zugang neu einrichten").click()
    expect(phone.page.locator("#identifier")).to_be_visible()


def test_an_offer_to_install_is_gone_once_it_was_taken(phone: Phone) -> None:
    phone.open()
    phone.open_accounts()
    phone.page.evaluate("""() => {
      const offer = new Event("beforeinstallprompt", { cancelable: true });
      let used = false;
      offer.prompt = async () => { if (used) throw new DOMException("used", "InvalidStateError"); used = true; };
      dispatchEvent(offer);
    }""")
    phone.page.locator("#install").click()
    expect(phone.page.locator("#install")).to_have_count(0)
    phone.page.locator("#tab-approvals").click()
    phone.open_accounts()
    expect(phone.page.locator("#install")).to_have_count(0)


def test_an_offer_that_the_browser_withdrew_disturbs_nobody(phone: Phone) -> None:
    phone.open()
    phone.open_accounts()
    phone.page.evaluate("""() => {
      const offer = new Event("beforeinstallprompt", { cancelable: true });
      offer.prompt = async () => { throw new DOMException("gone", "NotAllowedError"); };
      dispatchEvent(offer);
    }""")
    phone.page.locator("#install").click()
    expect(phone.page.locator("#install")).to_have_count(0)


def test_accounts_are_sorted_by_name(phone: Phone) -> None:
    for person in (THOMAS, SABINE, ANNA):
        phone.enrol(person)
    phone.open_accounts()
    names = phone.page.locator("a.tile strong").all_inner_texts()
    assert names == [ANNA.display_name, SABINE.display_name, THOMAS.display_name]


def test_one_request_that_the_app_cannot_show_hides_no_other(desk: Desk, phone: Phone) -> None:
    def add_another(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        for statement in ("e30", "not base64 !", "eyJ2Ijo5OTk5fQ"):
            told["approvals"].append({"login_id": "x.y", "statement": statement, "expires_at": 1, "more": {}})
        route.fulfill(response=answer, json=told)

    phone.enrol(ANNA)
    phone.page.route("**/v1/approvals", add_another)
    desk.log_in(ANNA)
    expect(phone.request(desk)).to_be_visible()
    expect(phone.page.get_by_role("status").filter(has_text="kann diese App nicht anzeigen")).to_be_visible()
    phone.page.unroute_all(behavior="ignoreErrors")


def test_every_login_has_a_colour_and_every_colour_its_logins(phone: Phone) -> None:
    phone.open()
    marks = phone.page.evaluate("""async () => {
      const { loginMark } = await import("/shared/login_mark.js");
      const ids = [...Array(2000).keys()].map((at) => `aka3rgwgfzc765.8204162551${at}`);
      return ids.map(loginMark).map((mark) => [mark.className, mark.textContent]);
    }""")
    counted = {name: sum(name == told for _, told in marks) for name in {told for _, told in marks}}
    assert len(counted) == 8
    assert all(name for name in counted)
    assert min(counted.values()) > 2000 / 8 / 2
    assert len({tuple(mark) for mark in marks}) == 8
