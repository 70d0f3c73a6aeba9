"""A browser that is older than the pages: they work, or they say so. No page stays white."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from smartident_laptop.demo.accounts import ANNA
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
# Since when: Safari 16, 16.4, 17 and later; Chrome 98 and Firefox 98 have them neither.
NEWER = (
    r"AbortSignal\.(?:timeout|any)\(|\(\?<[=!]|\.(?:toSorted|toReversed|findLast|with)\("
    r"|Object\.groupBy|Array\.fromAsync|withResolvers|static \{"
)
NEWER_STYLES = (
    r":has\(|\(width|\(height|@container|@layer|color-mix\("
    r"|(?:^|[;{])\s*(?:rotate|translate|scale):"
)


def test_a_browser_without_newer_timers_lives_the_story(desk: Desk, phone: Phone) -> None:
    for page in (desk.page, phone.page):
        page.add_init_script("delete AbortSignal.timeout;")
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    desk.wait_for_signed_in()


def test_a_request_without_an_answer_is_given_up_in_a_browser_without_newer_timers(phone: Phone) -> None:
    phone.page.add_init_script("delete AbortSignal.timeout;")
    phone.page.clock.install()
    phone.enrol(ANNA)
    phone.page.route("**/v1/approvals", lambda _: None)
    phone.page.clock.fast_forward(3_000)
    phone.page.clock.fast_forward(21_000)
    expect(phone.page.get_by_role("status").filter(has_text="Keine Verbindung")).to_be_visible()


@pytest.mark.parametrize("path", ["/app/", "/financeapp/", "/financeapp/signed-in/", "/freeze/"])
@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("delete globalThis.structuredClone;", "This browser is too old."),
        ("delete globalThis.HTMLDialogElement;", "Dieser Browser ist zu alt."),
        ("Object.defineProperty(globalThis, 'isSecureContext', { value: false });", "sichere Verbindung"),
    ],
    ids=["old", "without dialogs", "no https"],
)
def test_what_a_browser_lacks_is_said(desk: Desk, path: str, before: str, said: str) -> None:
    desk.page.route(re.compile(r"(main|login|signed-in|freeze)\.js$"), lambda route: route.fulfill(body=""))
    desk.page.add_init_script(before)
    desk.page.goto(desk.stack.url + path)
    expect(desk.page.get_by_role("alert").filter(has_text=said)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "part"), [("/app/", "requests.js"), ("/financeapp/", "smartident.js"), ("/app/", "main.js")]
)
def test_a_page_whose_part_does_not_come_says_so(desk: Desk, path: str, part: str) -> None:
    desk.page.route(f"**/{part}", lambda route: route.abort())
    desk.page.goto(desk.stack.url + path)
    expect(desk.page.get_by_role("alert").filter(has_text="konnte nicht ganz geladen werden")).to_be_visible()


def test_no_page_needs_what_the_named_browsers_do_not_have() -> None:
    web = ROOT / "web"
    scripts = [file for file in web.rglob("*.js") if not file.is_relative_to(web / "vendor")]
    for file in scripts:
        text = re.sub(r'if \("timeout" in AbortSignal\) return AbortSignal\.timeout\(\w+\);', "", file.read_text())
        assert re.findall(NEWER, text) == [], file
    for file in web.rglob("*.css"):
        assert re.findall(NEWER_STYLES, file.read_text(), re.MULTILINE) == [], file
