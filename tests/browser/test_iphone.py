"""An iPhone's browser tab: its keys would be gone after seven days, so the home screen comes first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import Phone
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
IPHONE_CHROME = IPHONE.replace("Version/17.5", "CriOS/126.0.6478.54")
IPAD = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Safari/605.1.15"
)
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
TAB = "Object.defineProperty(navigator, 'standalone', { value: false });"
HOME_SCREEN = "Object.defineProperty(navigator, 'standalone', { value: true });"
SAYS_ITS_MODEL = """
  const told = { getHighEntropyValues: async () => ({ model: "Pixel 9" }) };
  Object.defineProperty(navigator, "userAgentData", { value: told });
"""
A_TOUCH_SCREEN = "Object.defineProperty(Navigator.prototype, 'maxTouchPoints', { get: () => 5 });"


@pytest.mark.parametrize("agent", [IPHONE, IPHONE_CHROME, IPAD], ids=["Safari", "Chrome on iOS", "iPad"])
def test_a_tab_on_ios_is_sent_to_the_home_screen_before_enrolling(
    window: Callable[..., Page], stack: Stack, agent: str
) -> None:
    phone = Phone(window(mobile=True, agent=agent), stack)
    phone.page.add_init_script(TAB + A_TOUCH_SCREEN)
    phone.page.goto(f"{stack.url}/app/#/new")
    expect(phone.page.get_by_text(re.compile("Teilen . Zum Home-Bildschirm"))).to_be_visible()
    expect(phone.page.get_by_text("sieben Tage")).to_be_visible()
    expect(phone.page.locator("#password")).to_have_count(0)
    assert accessibility_faults(phone.page) == []
    phone.page.locator("#stay").click()
    expect(phone.page.locator("#password")).to_be_visible()


@pytest.mark.parametrize(
    ("agent", "script"), [(IPHONE, HOME_SCREEN), (ANDROID, "")], ids=["home screen", "Android's browser"]
)
def test_where_the_keys_stay_nobody_is_sent_away(
    window: Callable[..., Page], stack: Stack, agent: str, script: str
) -> None:
    phone = Phone(window(mobile=True, agent=agent), stack)
    phone.page.add_init_script(script)
    phone.page.goto(f"{stack.url}/app/#/new")
    expect(phone.page.locator("#password")).to_be_visible()


@pytest.mark.parametrize(
    ("agent", "script", "name"),
    [
        (IPHONE, HOME_SCREEN, "Mein iPhone"),
        (IPAD, HOME_SCREEN + A_TOUCH_SCREEN, "Mein iPad"),
        (ANDROID, "delete Navigator.prototype.userAgentData;", "Mein Android-Handy"),
        (
            ANDROID,
            SAYS_ITS_MODEL,
            "Mein Pixel 9",
        ),
    ],
)
def test_a_device_has_a_name_that_tells_it_apart(
    window: Callable[..., Page], stack: Stack, agent: str, script: str, name: str
) -> None:
    phone = Phone(window(mobile=True, agent=agent), stack)
    phone.page.add_init_script(script)
    phone.page.goto(f"{stack.url}/app/#/new")
    expect(phone.page.locator("#device_name")).to_have_value(name)
    expect(phone.page.locator("#device_name-hint")).to_contain_text("iPhone von Anna")
