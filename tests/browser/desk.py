"""A person's desk: FinanceApp in a browser window."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from smartident_laptop.demo.accounts import DemoAccount
    from smartident_laptop.stack import Stack


class Desk:
    """FinanceApp's pages, as a person uses them."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page = page
        self.stack = stack

    def open(self) -> None:
        """Open the login page."""
        self.page.goto(f"{self.stack.url}/financeapp/")
        self.page.locator("#identifier").wait_for()

    def log_in(self, person: DemoAccount, *, password: str | None = None, identifier: str | None = None) -> None:
        """Open the login page, fill in its form and send it with Enter."""
        self.open()
        self.fill_in(person, password=password, identifier=identifier)

    def fill_in(self, person: DemoAccount, *, password: str | None = None, identifier: str | None = None) -> None:
        """Fill in the login form and send it with Enter."""
        self.page.locator("#identifier").fill(identifier or person.number)
        self.page.locator("#password").fill(password or person.password)
        self.page.locator("#password").press("Enter")

    def transfer_code(self) -> str:
        """The code that the waiting page shows."""
        return (self.page.locator("#transfer-code").text_content() or "").strip()

    def request(self) -> str:
        """Where the app shows the request that the waiting page waits for."""
        self.page.locator(".news").wait_for()
        return f"#/request/{self.page.evaluate('encodeURIComponent(history.state.waiting)')}"

    def wait_for_signed_in(self) -> None:
        """Wait until the page has moved on by itself."""
        self.page.wait_for_url("**/financeapp/signed-in/")
        self.page.locator(".sign.good").wait_for()
