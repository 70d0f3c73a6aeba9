"""With UniformLogin nobody says that the password was wrong: the page that waits in vain knows a way back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_laptop.demo.accounts import ANNA, SABINE
from smartident_laptop.stack import Stack
from tests.browser.conftest import PATIENT, STORES
from tests.browser.desk import Desk
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
WRONG = "Sommerregen-18"
AFTER = 20


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    log = tmp_path_factory.mktemp("uniform") / "functions.log"
    with log.open("w") as lines, Stack(parameters={**PATIENT, **STORES, "UniformLogin": "on"}, log=lines) as running:
        yield running


def wait(desk: Desk, seconds: int) -> None:
    desk.page.clock.fast_forward(seconds * 1000)


def alike(text: str) -> str:
    """What a page says, without the digits and the colour that each login has of its own."""
    return re.sub(r"\d|(?<=Farbe\s)\w+|(?<=colour\s)\w+", "0", text)


def waiting(desk: Desk, *, password: str, identifier: str = ANNA.number) -> Page:
    """The page that waits for the phone, its clock in our hands."""
    desk.page.clock.install()
    desk.log_in(ANNA, password=password, identifier=identifier)
    expect(desk.page.locator(".news.live")).to_be_visible()
    return desk.page


def test_who_mistyped_is_told_after_a_while_and_logs_in_once_more(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    page = waiting(desk, password=WRONG)
    hint, again = page.get_by_role("status").filter(has_text="vertippt"), page.locator("#again")
    wait(desk, AFTER - 1)
    expect(hint).to_have_count(0)
    wait(desk, 1)
    expect(hint).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert accessibility_faults(page) == []
    again.click()
    expect(page.locator("#identifier")).to_have_value(ANNA.number)
    expect(page.locator("#password")).to_have_value("")
    expect(page.get_by_role("alert").filter(has_text=re.compile("."))).to_have_count(0)
    page.locator("#password").fill(ANNA.password)
    page.locator("#password").press("Enter")
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    desk.wait_for_signed_in()


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_the_hint_moves_nothing_that_somebody_aims_at(desk: Desk, width: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": 1400})
    page = waiting(desk, password=WRONG)
    cancel = page.get_by_role("button", name="Abbrechen")
    aimed_at = cancel.bounding_box()
    wait(desk, AFTER)
    expect(page.locator("#again")).to_be_visible()
    assert cancel.bounding_box() == aimed_at
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_logging_in_once_more_takes_the_request_off_the_phone(desk: Desk, phone: Phone) -> None:
    phone.enrol(SABINE)
    page = waiting(desk, password=SABINE.password, identifier=SABINE.number)
    request = phone.request(desk)
    request.wait_for()
    wait(desk, AFTER)
    page.locator("#again").click()
    expect(page.locator("#identifier")).to_have_value(SABINE.number)
    expect(request).to_have_count(0)


@pytest.mark.parametrize("locale", ["de-DE", "en-GB"], ids=["German", "English"])
def test_right_wrong_and_unknown_read_the_same(
    window: Callable[..., Page], stack: Stack, phone: Phone, locale: str
) -> None:
    phone.enrol(ANNA)
    told: dict[str, set[str]] = {"before": set(), "after": set()}
    for identifier, password in ((ANNA.number, ANNA.password), (ANNA.number, WRONG), ("999 999 999", WRONG)):
        desk = Desk(window(locale), stack)
        page = waiting(desk, identifier=identifier, password=password)
        for moment, seconds in (("before", 0), ("after", AFTER)):
            wait(desk, seconds)
            expect(page.locator("#again")).to_have_count(int(moment == "after"))
            told[moment].add(alike(page.locator("body").inner_text()))
    assert [len(texts) for texts in told.values()] == [1, 1]
    assert told["before"] != told["after"]


def test_the_hint_stays_when_the_language_changes_and_goes_once_the_phone_says_yes(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    page = waiting(desk, password=ANNA.password)
    wait(desk, AFTER)
    expect(page.get_by_role("button", name="Noch einmal anmelden")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Log in once more")).to_be_visible()
    page.route("**/complete", lambda route: route.abort())
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    expect(page.locator(".news.approved")).to_be_visible()
    expect(page.locator("#again")).to_have_count(0)
