"""Every refusal is said in plain words, in both languages, and what was typed is never lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from smartident.http.problems import PROBLEMS
from smartident_laptop.demo.accounts import ANNA, SABINE
from tests.browser.desk import Desk
from tests.browser.phone import Phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser


REQUEST_ID = "5f0c2a9e-7a52-4b0c-9d0e-1f3c5a7b9d11"
BESIDE = {"access_number_required": "identifier", "invalid_credentials": "password"}


def unbroken(sentence: str) -> str:
    """As a page shows it: no line ends within "E-Mail"."""
    return re.sub(r"([Ee])-(?=[Mm]ail)", "\\1\u2011", sentence)


def refuse(page: Page, pattern: str, code: str, language: str, **more: object) -> str:
    """Let the service refuse; the sentence that has to be seen."""
    problem = PROBLEMS[code]
    title = str(getattr(problem, language))
    answer = {"title": title, "status": problem.status, "code": code, "request_id": REQUEST_ID, **more}
    page.unroute_all()
    page.route(
        pattern,
        lambda route: route.fulfill(status=problem.status, json=answer, content_type="application/problem+json"),
    )
    return unbroken(title)


@pytest.mark.parametrize(("locale", "language"), [("de-DE", "de"), ("en-GB", "en")], ids=["German", "English"])
def test_each_refusal_of_a_login_is_the_servers_sentence_with_its_reference(
    window: Callable[..., Page], stack: Stack, locale: str, language: str
) -> None:
    desk = Desk(window(locale), stack)
    desk.open()
    desk.page.locator("#identifier").fill(ANNA.number)
    desk.page.locator("#password").fill(ANNA.password)
    for code in PROBLEMS.keys() - {"key_registration_required"}:
        said = refuse(desk.page, "**/v1/logins", code, language)
        desk.page.locator("form .button.main").click()
        alert = desk.page.get_by_role("alert").filter(has_text=said)
        expect(alert).to_be_visible()
        expect(alert.locator(".reference")).to_contain_text(REQUEST_ID)
        expect(desk.page.locator("#identifier")).to_have_value(ANNA.number)
        expect(desk.page.locator("#password")).to_have_value(ANNA.password)


def test_the_pages_ask_for_the_sentences_in_their_own_language(window: Callable[..., Page], stack: Stack) -> None:
    desk = Desk(window("de-DE"), stack)
    desk.open()
    desk.page.get_by_role("button", name="English").click()
    desk.page.locator("#identifier").fill(ANNA.number)
    desk.page.locator("#password").fill("Sommerregen-18")
    desk.page.locator("#password").press("Enter")
    expect(desk.page.locator("#password-error")).to_contain_text(unbroken(PROBLEMS["invalid_credentials"].en))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("aborted", "Keine Verbindung. Bitte prüfen Sie das Internet."),
        ("page of a proxy", "Von FinanceApp kam keine verständliche Antwort."),
        ("message of the gateway", "Von FinanceApp kam keine verständliche Antwort."),
        ("name of an object's own", "Von FinanceApp kam keine verständliche Antwort."),
    ],
)
def test_what_no_server_says_is_said_by_the_page(desk: Desk, answer: str, said: str) -> None:
    desk.open()
    answers: dict[str, Callable[[Route], None]] = {
        "aborted": lambda route: route.abort(),
        "page of a proxy": lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"),
        "message of the gateway": lambda route: route.fulfill(status=429, json={"message": "Too Many Requests"}),
        "name of an object's own": lambda route: route.fulfill(status=400, json={"code": "constructor"}),
    }
    desk.page.route("**/v1/logins", answers[answer])
    desk.fill_in(ANNA)
    expect(desk.page.locator("#form-error")).to_contain_text(said)
    expect(desk.page.locator("#password")).to_have_value(ANNA.password)


@pytest.mark.parametrize(
    "code",
    [
        "invalid_credentials",
        "too_many_attempts",
        "sms_unavailable",
        "device_limit_reached",
        "service_unavailable",
    ],
)
def test_each_refusal_of_an_enrolment_keeps_what_was_typed(phone: Phone, code: str) -> None:
    said = refuse(phone.page, "**/v1/keys", code, "de", retry_after=30)
    phone.ask_for_code(ANNA)
    field = BESIDE.get(code)
    place = phone.page.locator(f"#{field}-error") if field else phone.page.get_by_role("alert").filter(has_text=said)
    expect(place).to_contain_text(said)
    expect(place).to_contain_text("Weiter geht es in 30 Sekunden.")
    expect(place.locator(".reference")).to_contain_text(REQUEST_ID)
    expect(phone.page.locator("#identifier")).to_have_value(ANNA.number)
    expect(phone.page.locator("#password")).to_have_value(ANNA.password)


def test_a_shared_email_hears_of_the_access_number(desk: Desk) -> None:
    """As every name does that opens nothing: it tells nobody that the e-mail stands for several accounts."""
    desk.log_in(SABINE, identifier=SABINE.email)
    expect(desk.page.locator("#password-error")).to_contain_text("Zugangsnummer")
    expect(desk.page.locator("#password")).to_be_focused()


def test_a_wrong_password_stands_beside_the_password(desk: Desk) -> None:
    desk.log_in(ANNA, password="Sommerregen-18")
    expect(desk.page.locator("#password-error")).to_contain_text("passen nicht zusammen")
    expect(desk.page.locator("#password")).to_have_attribute("aria-invalid", "true")


def test_empty_fields_are_asked_for_without_the_service(desk: Desk) -> None:
    desk.open()
    desk.page.locator("form .button.main").click()
    expect(desk.page.locator("#identifier-error")).to_contain_text("Zugangsnummer")
    expect(desk.page.locator("#password-error")).to_contain_text("Passwort")


def test_a_clock_that_is_an_hour_off_corrects_itself(window: Callable[..., Page], stack: Stack) -> None:
    phone = Phone(window(mobile=True), stack)
    phone.page.add_init_script("const now = Date.now; Date.now = () => now() + 3_600_000;")
    phone.page.route("**/v1/**", hide_date)
    phone.enrol(ANNA)


def hide_date(route: Route) -> None:
    answer = route.fetch()
    told = {name: value for name, value in answer.headers.items() if name.lower() != "date"}
    route.fulfill(response=answer, headers=told)
