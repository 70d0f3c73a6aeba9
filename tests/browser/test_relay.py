"""A page that looks like FinanceApp and forwards everything: what it gets of a phone, and what of a passkey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA
from tests.browser.desk import Desk
from tests.browser.phone import Phone
from tests.browser.relay import Relay
from tests.browser.test_login_passkeys import Authenticator, approved, with_passkeys_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def relay(stack: Stack) -> Iterator[Relay]:
    with Relay(stack.url) as running:
        yield running


@pytest.fixture
def victim(chromium: Browser, stack: Stack) -> Iterator[Desk]:
    """Anna's browser, whose console may say what the attacker's page does wrong."""
    context = chromium.new_context(locale="de-DE")
    context.set_default_timeout(10_000)
    yield Desk(context.new_page(), stack)
    context.close()


def at(relay: Relay, desk: Desk) -> None:
    """Anna follows the attacker's link."""
    desk.page.goto(f"{relay.url}/financeapp/")
    desk.page.locator("#identifier").wait_for()


def test_a_relay_gets_a_login_that_the_phone_approves(relay: Relay, victim: Desk, phone: Phone) -> None:
    """docs/security.md says so: the person types the code of the attacker's page, and approves."""
    phone.enrol(ANNA)
    at(relay, victim)
    victim.fill_in(ANNA)
    victim.page.locator("#transfer-code").wait_for()
    phone.open_request(victim)
    phone.type_transfer_code(victim.transfer_code())
    phone.approve()
    victim.page.wait_for_url(f"{relay.url}/financeapp/signed-in/")
    assert len(relay.sessions) == 1


def test_a_relay_gets_nothing_of_a_passkey(relay: Relay, victim: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    victim.page.goto(f"{victim.stack.url}/financeapp/")
    authenticator = Authenticator(victim)
    authenticator.touches(by_itself=False)
    approved(victim, phone)
    victim.page.locator("#passkeys.notice").wait_for()
    authenticator.touches(by_itself=True)
    victim.page.locator("#make-passkey").click()
    victim.page.locator("#passkeys strong").wait_for()
    [made] = authenticator.credentials()
    at(relay, victim)
    victim.page.locator("#passkey").click()
    victim.page.locator("#passkey.busy").wait_for(state="detached")
    assert victim.page.url == f"{relay.url}/financeapp/"
    assert relay.sessions == []
    [kept] = authenticator.credentials()
    assert kept["signCount"] == made["signCount"]
    # On the real page one touch signs in.
    victim.page.goto(f"{victim.stack.url}/financeapp/")
    victim.wait_for_signed_in()


def test_with_passkeys_only_a_relay_gets_nothing_at_all(
    relay: Relay, victim: Desk, phone: Phone, window: Callable[..., Page]
) -> None:
    """Neither by the phone that Anna would approve with, nor by a phone of the attacker's that she would let in."""
    phone.enrol(ANNA)
    victim.page.goto(f"{victim.stack.url}/financeapp/")
    authenticator = Authenticator(victim)
    authenticator.touches(by_itself=False)
    approved(victim, phone)
    victim.page.locator("#passkeys.notice").wait_for()
    authenticator.touches(by_itself=True)
    victim.page.locator("#make-passkey").click()
    victim.page.locator("#passkeys strong").wait_for()
    with_passkeys_only(victim, authenticator)
    at(relay, victim)
    victim.fill_in(ANNA)
    expect(victim.page.locator("#form-error")).to_contain_text("nur mit Ihrem Passkey")
    assert relay.sessions == []
    # The attacker knows number and password by now, and takes a phone of his own.
    attacker = Phone(window(mobile=True), victim.stack)
    attacker.ask_for_code(ANNA)
    expect(attacker.page.get_by_role("alert").filter(has_text="nur mit Ihrem Passkey")).to_be_visible()
    phone.open()
    expect(phone.page.locator("a.new-phone")).to_have_count(0)
