"""A person's phone: the app in a window of its own, with a fingerprint sensor that can be told to fail."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from smartident_client.sms import code_in
from smartident_laptop.demo.accounts import DemoAccount

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SMS_WITHIN = 5


class Phone:
    """The app, as a thumb uses it. Labels are German unless the app speaks English."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page = page
        self.stack = stack
        self.sensor = page.context.new_cdp_session(page)
        self.sensor.send("WebAuthn.enable")
        added = self.sensor.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self.authenticator = added["authenticatorId"]

    def open(self) -> None:
        """Open the app."""
        self.page.goto(f"{self.stack.url}/app/")
        self.page.locator("h1").wait_for()

    def finger(self, *, right: bool) -> None:
        """Whether the next finger is the right one."""
        told = {"authenticatorId": self.authenticator, "isUserVerified": right}
        self.sensor.send("WebAuthn.setUserVerified", told)

    def ask_for_code(self, person: DemoAccount, *, password: str | None = None, identifier: str | None = None) -> None:
        """Fill in the form of a new account and send it."""
        self.page.goto(f"{self.stack.url}/app/#/new")
        self.page.locator("#identifier").fill(identifier or person.number)
        self.page.locator("#password").fill(password or person.password)
        self.page.locator("form .button.main").click()

    def read_sms(self, person: DemoAccount, *, after: int = 0) -> str:
        """The code of the newest SMS to somebody; `after` is how many there were."""
        until = time.monotonic() + SMS_WITHIN
        while time.monotonic() < until:
            texts = [sms.text for sms in self.stack.sms_messages() if sms.phone == person.phone]
            if len(texts) > after:
                return code_in(texts[-1])
            time.sleep(0.05)
        raise TimeoutError(f"no SMS to {person.phone}")

    def count_sms(self, person: DemoAccount) -> int:
        """How many SMS somebody got."""
        return sum(sms.phone == person.phone for sms in self.stack.sms_messages())

    def enrol(self, person: DemoAccount) -> None:
        """Steps 2 to 5 of the story."""
        before = self.count_sms(person)
        self.ask_for_code(person)
        self.page.locator("#code").wait_for()
        self.page.locator("#code").fill(self.read_sms(person, after=before))
        self.page.locator("form .button.main").click()
        self.page.get_by_role(
            "heading", name=re.compile("Der Zugang wurde erfolgreich hinterlegt|The account was stored successfully")
        ).wait_for()
        self.page.locator(".button.main").click()
        self.page.get_by_role("heading", name=re.compile("Freigabe|Approvals")).wait_for()

    def show_code(self, person: DemoAccount) -> str:
        """Begin a further phone, up to the code that an old one scans; the digits below it."""
        self.ask_for_code(person)
        self.page.locator("#show").click()
        return (self.page.locator("#pairing-digits").text_content() or "").replace(" ", "")

    def question(self) -> None:
        """Pick up the old phone and tap the new one that wants in."""
        self.page.goto(f"{self.stack.url}/app/#/")
        self.page.evaluate("dispatchEvent(new Event('focus'))")
        self.page.locator("a.new-phone").click()
        self.page.locator("#in-hand").wait_for()

    def let_in(self, digits: str) -> None:
        """Say on the old phone that the new one is in the other hand, type its digits, and put the finger on."""
        self.question()
        self.page.locator("#in-hand").click()
        if self.page.locator("#type").count():
            self.page.locator("#type").click()
        self.page.locator("#pairing_digits").fill(digits)
        self.approve()
        self.page.locator(".sign.good").wait_for()

    def enrol_by(self, old: Phone, person: DemoAccount) -> None:
        """Steps 2 to 5 of the story for every phone but the first."""
        old.let_in(self.show_code(person))
        self.page.get_by_role(
            "heading", name=re.compile("Der Zugang wurde erfolgreich hinterlegt|The account was stored successfully")
        ).wait_for()
        self.page.locator(".button.main").click()
        self.page.get_by_role("heading", name=re.compile("Freigabe|Approvals")).wait_for()

    def open_accounts(self) -> None:
        """Tap the tab of the stored accounts."""
        self.page.locator("#tab-accounts").click()
        self.page.get_by_role("heading", name=re.compile("Zugänge|Accounts|Zugang|account")).first.wait_for()

    def request(self, desk: Desk) -> Locator:
        """The request of what waits on a desk."""
        return self.page.locator(f'a.request[href="{desk.request()}"]')

    def open_request(self, desk: Desk) -> None:
        """Pick up the phone and tap the request of what waits on a desk."""
        request = self.request(desk)
        self.page.evaluate("dispatchEvent(new Event('focus'))")
        request.click()
        self.page.locator("#decline").wait_for()

    def type_transfer_code(self, code: str) -> None:
        """Type what the web page shows."""
        self.page.locator("#transfer_code").fill(code)

    def forget_alerts(self) -> None:
        """Take away what the act before said, so that only the next one can say it again."""
        self.page.evaluate("for (const told of document.querySelectorAll('[role=alert]')) told.remove()")

    def approve(self) -> None:
        """Tap approve; the finger is as told."""
        self.page.locator("form .button.main").click()
