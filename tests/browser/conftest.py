"""A laptop stack, a real Chromium, and two windows: the desk and the phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from smartident_laptop.stack import Stack
from tests.browser.desk import Desk
from tests.browser.phone import Phone
from tests.browser.watch import Watch
from tests.support.seeded_table import SeededTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# One stack serves many tests: limits that one person would not reach, but all tests together would.
PATIENT = {
    "SmsPerAccountDay": "50",
    "SmsPerPhoneDay": "500",
    "UnansweredLogins": "100",
    "PendingLogins": "10",
    "PasswordTries": "20",
    "DevicesPerAccount": "50",
    "SmsResendAfter": "10",
    "LostPhoneDelay": "48",
}
STORES = {
    "AppStoreUrl": "https://apps.apple.com/de/app/smartident/id6740001234",
    "PlayStoreUrl": "https://play.google.com/store/apps/details?id=com.example.smartident",
}


expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    log = tmp_path_factory.mktemp("stack") / "functions.log"
    with log.open("w") as lines, Stack(parameters={**PATIENT, **STORES}, log=lines) as running:
        yield running


@pytest.fixture(scope="session")
def seeded() -> dict[Stack, SeededTable]:
    """Of every stack that was used in this session, what it held at first."""
    return {}


@pytest.fixture(autouse=True)
def as_seeded(stack: Stack, seeded: dict[Stack, SeededTable]) -> None:
    """Every test meets the seeded people as if nobody had used the stack before: any order will do."""
    if stack in seeded:
        seeded[stack].put_back()
    else:
        seeded[stack] = SeededTable(stack)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens windows of separate people; whatever the pages did wrong fails the test at its end."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_window(
        locale: str = "de-DE", *, mobile: bool = False, agent: str | None = None, size: tuple[int, int] | None = None
    ) -> Page:
        width, height = size or ((390, 844) if mobile else (1280, 900))
        context = chromium.new_context(
            locale=locale,
            viewport=ViewportSize(width=width, height=height),
            user_agent=agent,
            has_touch=mobile,
            reduced_motion="reduce",
            is_mobile=mobile,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        opened.append((context, Watch(context, stack.url)))
        return context.new_page()

    yield open_window
    faults = [fault for _, watch in opened for fault in watch.faults]
    for context, _ in opened:
        context.close()
    assert not faults


@pytest.fixture
def desk(window: Callable[..., Page], stack: Stack) -> Desk:
    return Desk(window(), stack)


@pytest.fixture
def phone(window: Callable[..., Page], stack: Stack) -> Phone:
    return Phone(window(mobile=True), stack)
