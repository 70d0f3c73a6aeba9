"""Every refusal is said in plain words, in both languages, and what was typed is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from local.people import ANNA, SABINE
from smartident.http.problems import PROBLEMS
from tests.browser.desk import Desk
from tests.browser.modules import module_says
from tests.browser.phone import Phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Stack

pytestmark = pytest.mark.browser


def words(language: str) -> dict[str, str]:
    told: dict[str, str] = module_says(f"language/{language}.js", f"it.{language}.refusals")
    return told


def refuse(page: Page, pattern: str, code: str, status: int, **more: object) -> None:
    problem = {"type": "about:blank", "title": code, "status": status, "code": code, **more}
    page.unroute_all()
    page.route(
        pattern, lambda route: route.fulfill(status=status, json=problem, content_type="application/problem+json")
    )


@pytest.mark.parametrize(("locale", "language"), [("de-DE", "de"), ("en-GB", "en")], ids=["German", "English"])
def test_each_refusal_of_a_login_stands_in_plain_words(
    window: Callable[..., Page], stack: Stack, locale: str, language: str
) -> None:
    desk = Desk(window(locale), stack)
    desk.open()
    said = words(language)
    desk.page.locator("#identifier").fill(ANNA.number)
    desk.page.locator("#password").fill(ANNA.password)
    for code, status in [*((code, problem.status) for code, problem in PROBLEMS.items()), ("network_unavailable", 0)]:
        if code == "key_registration_required":
            continue
        if status:
            refuse(desk.page, "**/v1/logins", code, status)
        else:
            desk.page.unroute_all()
            desk.page.route("**/v1/logins", lambda route: route.abort())
        desk.page.locator("form .button.main").click()
        expect(desk.page.get_by_role("alert").filter(has_text=said[code])).to_be_visible()
        expect(desk.page.locator("#identifier")).to_have_value(ANNA.number)
        expect(desk.page.locator("#password")).to_have_value(ANNA.password)


def test_every_code_of_the_service_has_words() -> None:
    ours = {"network_unavailable", "login_cancelled", "fingerprint_refused", "passkey_unavailable"}
    for language in ("de", "en"):
        assert set(words(language)) == set(PROBLEMS) | ours


@pytest.mark.parametrize(
    ("code", "status", "field"),
    [
        ("invalid_credentials", 401, "password"),
        ("access_number_required", 409, "identifier"),
        ("too_many_attempts", 429, None),
        ("sms_unavailable", 503, None),
        ("device_limit_reached", 409, None),
        ("service_unavailable", 503, None),
    ],
)
def test_each_refusal_of_an_enrolment_keeps_what_was_typed(
    phone: Phone, code: str, status: int, field: str | None
) -> None:
    refuse(phone.page, "**/v1/keys", code, status, retry_after=30)
    phone.ask_for_code(ANNA)
    place = (
        phone.page.locator(f"#{field}-error")
        if field
        else phone.page.get_by_role("alert").filter(has_text=words("de")[code])
    )
    expect(place).to_contain_text(words("de")[code])
    expect(place).to_contain_text("30 Sekunden")
    expect(phone.page.locator("#identifier")).to_have_value(ANNA.number)
    expect(phone.page.locator("#password")).to_have_value(ANNA.password)


def test_a_shared_email_is_asked_for_the_access_number(desk: Desk) -> None:
    desk.log_in(SABINE, identifier=SABINE.email)
    expect(desk.page.locator("#identifier-error")).to_contain_text("Zugangsnummer")
    expect(desk.page.locator("#identifier")).to_be_focused()


def test_a_wrong_password_stands_beside_the_password(desk: Desk) -> None:
    desk.log_in(ANNA, password="Sommerregen-18")
    expect(desk.page.locator("#password-error")).to_contain_text("stimmen nicht")
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
