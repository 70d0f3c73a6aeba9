"""An application sends its people to the login page: the page says which, and sends them back with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from smartident_laptop.demo.accounts import ANNA, DEMO_CLIENT, DEMO_REDIRECT_URIS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
URI = DEMO_REDIRECT_URIS[0]


def arrive(page: Page, stack: Stack, **changes: str) -> list[str]:
    """Follow the application's link; what its redirect URI hears afterwards."""
    heard: list[str] = []

    def answer(route: object) -> None:
        heard.append(route.request.url)  # type: ignore[attr-defined]  # a route of playwright's
        route.fulfill(body="the application")  # type: ignore[attr-defined]  # as above

    page.route(f"{URI}*", answer)
    asked = {"client_id": DEMO_CLIENT, "redirect_uri": URI, "response_type": "code", "scope": "openid", "state": "s1"}
    asked |= {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    page.goto(f"{stack.url}/oauth2/authorize?{urlencode({**asked, **changes})}")
    return heard


def test_the_page_and_the_phone_name_the_application_and_it_gets_its_code(
    desk: Desk, phone: Phone, stack: Stack
) -> None:
    phone.enrol(ANNA)
    heard = arrive(desk.page, stack, login_hint=ANNA.email)
    desk.page.get_by_text("Demo-Anwendung (localhost:3000)").wait_for()
    assert desk.page.locator("#identifier").input_value() == ANNA.email
    desk.fill_in(ANNA)
    code = desk.transfer_code()
    desk.page.reload()
    assert desk.transfer_code() == code
    phone.open_request(desk)
    assert "Demo-Anwendung" in phone.page.content()
    assert "localhost:3000" in phone.page.content()
    phone.type_transfer_code(code)
    phone.approve()
    desk.page.wait_for_url(f"{URI}*")
    told = parse_qs(urlsplit(heard[-1]).query)
    assert (told["state"], told["iss"]) == (["s1"], [stack.url])
    assert told["code"]


def test_the_person_goes_back_without_a_login(desk: Desk, stack: Stack) -> None:
    heard = arrive(desk.page, stack)
    desk.page.get_by_role("link", name="Zurück zu Demo-Anwendung").click()
    desk.page.wait_for_url(f"{URI}*")
    assert parse_qs(urlsplit(heard[-1]).query)["error"] == ["access_denied"]


def test_a_link_of_another_browser_leads_nowhere(desk: Desk, stack: Stack) -> None:
    arrive(desk.page, stack)
    desk.page.context.clear_cookies()
    desk.page.reload()
    desk.page.get_by_text("Diese Anmeldung gilt nicht mehr").wait_for()
