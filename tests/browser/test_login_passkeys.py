"""A login with a passkey in a real browser: suggested at the field, or by the button beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA, JONAS
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser


class Authenticator:
    """Chromium's virtual authenticator; presence off means that the person does not touch it."""

    def __init__(self, desk: Desk, transport: str = "internal") -> None:
        self.devtools = desk.page.context.new_cdp_session(desk.page)
        self.devtools.send("WebAuthn.enable", {"enableUI": False})
        options = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": transport, "hasResidentKey": True}
        options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        made = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = made["authenticatorId"]

    def touches(self, *, by_itself: bool) -> None:
        self.devtools.send(
            "WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": by_itself}
        )

    def verifies(self, *, user: bool) -> None:
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": user})

    def credentials(self) -> list[Any]:
        told: list[Any] = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return told


def with_passkeys_only(desk: Desk, authenticator: Authenticator) -> None:
    """Anna makes a second passkey on a security key, in the login that made the first, and lets nothing else in."""
    with_a_second_passkey(desk, authenticator)
    desk.page.locator("[data-policy=passkey_only]").click()
    expect(desk.page.locator("#passkeys[role=status]")).to_be_visible()


def with_a_second_passkey(desk: Desk, authenticator: Authenticator) -> None:
    """On a security key, whose owner then leaves it alone."""
    authenticator.touches(by_itself=False)
    security_key = Authenticator(desk, "usb")
    desk.page.locator("#passkeys").evaluate("(list) => list.setAttribute('open', '')")
    desk.page.locator("#passkey-name").fill("Sicherheitsschlüssel")
    desk.page.locator("#make-passkey").click()
    expect(desk.page.locator("#passkeys strong")).to_have_count(2)
    security_key.touches(by_itself=False)


def approved(desk: Desk, phone: Phone) -> None:
    """Anna signs in with her phone."""
    desk.log_in(ANNA)
    phone.page.goto(f"{desk.stack.url}/app/")
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    desk.wait_for_signed_in()


@pytest.fixture
def authenticator(desk: Desk, phone: Phone) -> Authenticator:
    """A desk with a passkey, made when it was offered right after Anna's phone approved a login."""
    phone.enrol(ANNA)
    desk.page.goto(f"{desk.stack.url}/financeapp/")
    authenticator = Authenticator(desk)
    # Else the browser's suggestion answers while the password is typed.
    authenticator.touches(by_itself=False)
    approved(desk, phone)
    desk.page.locator("#passkeys.notice").wait_for()
    desk.page.locator("#passkey-name").fill("Annas Laptop")
    authenticator.touches(by_itself=True)
    desk.page.locator("#make-passkey").click()
    expect(desk.page.locator("#passkeys strong")).to_have_text("Annas Laptop")
    assert len(authenticator.credentials()) == 1
    return authenticator


def test_the_browser_suggests_the_passkey_and_one_touch_signs_in(desk: Desk, authenticator: Authenticator) -> None:
    assert authenticator
    with desk.page.expect_response("**/v1/passkeys/login") as answered:
        desk.page.goto(f"{desk.stack.url}/financeapp/")
    assert answered.value.status == 201
    desk.wait_for_signed_in()


def test_the_button_signs_in_while_the_field_still_waits(desk: Desk, authenticator: Authenticator) -> None:
    """A browser asks for one passkey at a time: the button takes back what the field asked for."""
    authenticator.touches(by_itself=False)
    desk.open()
    expect(desk.page.locator("#identifier")).to_have_attribute("autocomplete", "username webauthn")
    authenticator.touches(by_itself=True)
    desk.page.locator("#passkey").click()
    desk.wait_for_signed_in()


def test_a_form_that_stays_open_asks_for_the_next_challenge_in_time(desk: Desk) -> None:
    desk.page.goto(f"{desk.stack.url}/financeapp/")
    Authenticator(desk).touches(by_itself=False)
    desk.page.clock.install()
    with desk.page.expect_response("**/v1/passkeys/options"):
        desk.open()
    with desk.page.expect_response("**/v1/passkeys/options"):
        desk.page.clock.fast_forward(240_000)


def test_a_passkey_that_does_not_verify_its_person_signs_nobody_in(desk: Desk, authenticator: Authenticator) -> None:
    authenticator.touches(by_itself=False)
    authenticator.verifies(user=False)
    desk.open()
    authenticator.touches(by_itself=True)
    desk.page.locator("#passkey").click()
    expect(desk.page.locator("#passkey.busy")).to_have_count(0)
    expect(desk.page.locator("#form-error")).to_have_text("")
    assert desk.page.url.endswith("/financeapp/")


def test_the_password_signs_in_as_ever_beside_a_waiting_passkey(desk: Desk, authenticator: Authenticator) -> None:
    authenticator.touches(by_itself=False)
    desk.log_in(JONAS)
    desk.wait_for_signed_in()


def test_a_passkey_is_offered_once_and_never_again(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    desk.page.goto(f"{desk.stack.url}/financeapp/")
    authenticator = Authenticator(desk)
    authenticator.touches(by_itself=False)
    approved(desk, phone)
    desk.page.locator("#later").click()
    expect(desk.page.locator("details#passkeys")).not_to_have_attribute("open", "")
    approved(desk, phone)
    desk.page.locator("details#passkeys").wait_for()
    expect(desk.page.locator("#later")).to_have_count(0)


def test_a_passkey_that_does_not_count_here_says_so_also_where_the_browser_suggested_it(
    desk: Desk, authenticator: Authenticator
) -> None:
    """The login of before that still waits for the phone goes on; one by a passkey ends it."""
    authenticator.touches(by_itself=False)
    desk.log_in(ANNA)
    desk.page.locator("#transfer-code").wait_for()
    refusal = {
        "type": "about:blank",
        "title": "Hier gilt nur das Telefon.",
        "status": 403,
        "code": "passkey_not_allowed",
    }
    with desk.page.expect_request("**/v1/passkeys/login"):
        desk.page.route("**/v1/passkeys/login", lambda route: route.fulfill(status=403, json=refusal), times=1)
        authenticator.touches(by_itself=True)
        desk.page.go_back()
    expect(desk.page.locator("#form-error")).to_have_text("Hier gilt nur das Telefon.")
    expect(desk.page.locator("#go-on")).to_be_visible()
    with desk.page.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
        desk.page.locator("#passkey").click()
    assert ended.value.status == 204
    desk.wait_for_signed_in()


def test_a_passkey_that_is_removed_is_gone_from_the_browser_too(desk: Desk, authenticator: Authenticator) -> None:
    desk.page.locator("[data-passkey]").click()
    expect(desk.page.locator("[data-passkey]")).to_have_count(0)
    expect(desk.page.locator("#passkeys > summary")).to_be_focused()
    assert authenticator.credentials() == []


def test_a_passkey_that_was_used_ends_what_it_began_and_what_this_login_may_change(
    desk: Desk, authenticator: Authenticator
) -> None:
    with_a_second_passkey(desk, authenticator)
    # Also on the narrowest page that WCAG's reflow asks for.
    desk.page.set_viewport_size({"width": 320, "height": 640})
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    authenticator.touches(by_itself=True)
    desk.page.goto(f"{desk.stack.url}/financeapp/")
    desk.wait_for_signed_in()
    desk.page.locator("#passkeys > summary").click()
    desk.page.get_by_role("button", name="Annas Laptop").click()
    expect(desk.page.locator("#passkeys[role=status]")).to_be_focused()
    expect(desk.page.locator("#passkeys")).to_contain_text("Der Passkey ist entfernt")
    assert authenticator.credentials() == []


def test_a_login_by_passkey_lists_it_and_makes_no_further_one(desk: Desk, authenticator: Authenticator) -> None:
    assert authenticator
    desk.page.goto(f"{desk.stack.url}/financeapp/")
    desk.wait_for_signed_in()
    desk.page.locator("#passkeys > summary").click()
    expect(desk.page.locator("#passkeys strong")).to_have_text("Annas Laptop")
    expect(desk.page.locator("#make-passkey")).to_have_count(0)
    expect(desk.page.locator(".facts dd").nth(1)).to_have_text("Passkey")


def test_with_passkeys_only_the_password_leads_to_the_passkey_button(desk: Desk, authenticator: Authenticator) -> None:
    with_a_second_passkey(desk, authenticator)
    assert accessibility_faults(desk.page) == []
    desk.page.locator("[data-policy=passkey_only]").click()
    expect(desk.page.locator("#passkeys[role=status]")).to_be_focused()
    expect(desk.page.locator("#passkeys")).to_contain_text("Sie melden sich nur noch mit Passkey an.")
    assert accessibility_faults(desk.page) == []
    desk.log_in(ANNA)
    expect(desk.page.locator("#form-error")).to_contain_text("nur mit Ihrem Passkey")
    expect(desk.page.locator("#passkey")).to_be_focused()
    assert accessibility_faults(desk.page) == []
    authenticator.touches(by_itself=True)
    desk.page.keyboard.press("Enter")
    desk.wait_for_signed_in()
    desk.page.locator("#passkeys > summary").click()
    expect(desk.page.locator("#login-policy")).to_have_text("Sie melden sich nur noch mit Passkey an.")
    desk.page.locator("[data-policy=phone_or_passkey]").click()
    expect(desk.page.locator("#login-policy")).to_contain_text("mit Telefon oder Passkey")
    authenticator.touches(by_itself=False)
    desk.log_in(ANNA)
    desk.page.locator("#transfer-code").wait_for()


def test_recovery_codes_are_offered_once_at_the_end_of_a_login_by_phone(desk: Desk, phone: Phone) -> None:
    """Only the phone makes them: the page says where. It never asks again in this browser."""
    phone.enrol(ANNA)
    approved(desk, phone)
    offer = desk.page.locator("#recovery-offer")
    expect(offer.locator("li")).to_have_count(3)
    assert accessibility_faults(desk.page) == []
    offer.locator("#recovery-later").click()
    expect(offer).to_have_count(0)
    approved(desk, phone)
    expect(desk.page.locator("#passkeys")).to_be_visible()
    expect(offer).to_have_count(0)
