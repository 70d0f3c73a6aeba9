"""Where the app is to be had: codes on a computer, buttons on a phone, whatever the operator has set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import segno
from playwright.sync_api import Page, Route, expect

from smartident_laptop.demo.accounts import MIRIAM
from smartident_laptop.local_parameters import local_parameters
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT
from tests.browser.conftest import STORES
from tests.browser.desk import Desk
from tests.browser.modules import module_says
from tests.browser.test_iphone import ANDROID, IPHONE
from tests.browser.watch import accessibility_faults
from tests.promises.texts import block

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.browser
LINKS = {
    "help": "https://finance.example.test/hilfe",
    "contact": "mailto:hilfe@finance.example.test",
    "imprint": "https://finance.example.test/impressum",
    "privacy": "https://finance.example.test/datenschutz",
    "forgotPassword": "https://finance.example.test/neues-passwort",
}


def ask_for_the_app(desk: Desk, links: dict[str, str] | None = None) -> None:
    """Log in with an account that has no phone yet."""
    if links is not None:
        problem = {"code": "key_registration_required", "status": 403, "title": "", "app_links": links}
        desk.page.route("**/v1/logins", lambda route: route.fulfill(status=403, json=problem))
    desk.log_in(MIRIAM)
    expect(desk.page.get_by_role("heading", name="Richten Sie zuerst Ihr Telefon ein")).to_be_visible()


def test_a_computer_shows_a_code_for_each_store(desk: Desk) -> None:
    ask_for_the_app(desk)
    stores = desk.page.locator(".stores a")
    assert [store.get_attribute("href") for store in stores.all()] == [
        STORES["AppStoreUrl"],
        STORES["PlayStoreUrl"],
        f"{desk.stack.url}/app/",
    ]
    expect(desk.page.get_by_role("img", name="QR-Code")).to_have_count(3)
    assert accessibility_faults(desk.page) == []


@pytest.mark.parametrize(
    ("agent", "first"), [(IPHONE, "App Store"), (ANDROID, "Google Play")], ids=["iPhone", "Android"]
)
def test_a_phone_shows_buttons_the_fitting_store_first_and_no_code_of_itself(
    window: Callable[..., Page], stack: Stack, agent: str, first: str
) -> None:
    desk = Desk(window(mobile=True, agent=agent, size=(320, 568)), stack)
    ask_for_the_app(desk)
    buttons = desk.page.locator(".store-buttons a")
    expect(buttons).to_have_count(3)
    expect(buttons.first).to_contain_text(first)
    expect(desk.page.locator(".qr")).to_have_count(0)
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert accessibility_faults(desk.page) == []


def test_who_has_not_logged_in_finds_both_stores_too(desk: Desk) -> None:
    desk.open()
    desk.page.get_by_role("button", name="smartIDENT-App einrichten").click()
    expect(desk.page.locator(".stores").get_by_text("App Store")).to_be_visible()
    expect(desk.page.locator(".stores").get_by_text("Google Play")).to_be_visible()


def test_the_laptop_knows_both_stores_as_the_pages_do() -> None:
    told = local_parameters(Stack())
    written = (ROOT / "web/config.js").read_text(encoding="utf-8")
    for store in ("AppStoreUrl", "PlayStoreUrl"):
        assert f'"{told[store]}"' in written


@pytest.mark.parametrize("length", [242, 5_000])
def test_an_address_of_any_length_is_a_link_if_need_be_without_its_picture(desk: Desk, length: int) -> None:
    address = "https://play.google.com/store/apps/details?id=".ljust(length, "x")
    ask_for_the_app(desk, {"app_store": "", "play_store": address, "web": ""})
    link = desk.page.locator(".stores a")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", address)
    expect(link.locator(".qr")).to_have_count(int(length < 2_000))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://[", "  "])
def test_what_is_no_address_is_no_link(desk: Desk, address: str) -> None:
    ask_for_the_app(desk, {"app_store": address, "play_store": STORES["PlayStoreUrl"], "web": ""})
    expect(desk.page.locator(".stores a")).to_have_count(1)


def test_an_operator_who_has_set_no_store_is_told_nothing_wrong(desk: Desk) -> None:
    ask_for_the_app(desk, {"app_store": "", "play_store": "", "web": ""})
    expect(desk.page.get_by_text("Bitte fragen Sie bei FinanceApp nach.")).to_be_visible()


def test_the_supported_browsers_are_named(desk: Desk) -> None:
    desk.open()
    desk.page.get_by_role("button", name="smartIDENT-App einrichten").click()
    named = desk.page.get_by_text("Im Browser läuft smartIDENT in")
    for browser in ("Safari", "iOS", "Chrome", "Edge", "Firefox", "Samsung Internet"):
        expect(named).to_contain_text(browser)


def configured(route: Route) -> None:
    text = (ROOT / "web/config.js").read_text(encoding="utf-8")
    for name, address in LINKS.items():
        text = text.replace(f'{name}: ""', f'{name}: "{address}"')
    route.fulfill(body=text, content_type="text/javascript")


def test_the_operators_pages_are_linked_where_people_look_for_them(desk: Desk, window: Callable[..., Page]) -> None:
    app = window(mobile=True)
    for page in (desk.page, app):
        page.context.route("**/config.js", configured)
    names = {key: text.strip('"') for key, text in block(ROOT / "web/language/de.js", "links").items()}
    desk.open()
    for key, name in names.items():
        expect(desk.page.get_by_role("link", name=name)).to_have_attribute("href", LINKS[key])
    assert accessibility_faults(desk.page) == []
    app.goto(f"{desk.stack.url}/app/#/accounts")
    for key in ("help", "contact", "imprint", "privacy"):
        expect(app.get_by_role("link", name=names[key])).to_have_attribute("href", LINKS[key])
    assert accessibility_faults(app) == []


def test_a_link_that_is_not_set_is_not_there(desk: Desk) -> None:
    desk.open()
    expect(desk.page.locator("footer a")).to_have_count(0)
    expect(desk.page.get_by_text("Passwort vergessen?")).to_have_count(0)


@pytest.mark.parametrize(
    "text", ["SMARTIDENT:604193", "HTTPS://EXAMPLE.ORG/APP/", "https://example.org/?a=b&c", "A" * 400]
)
def test_our_qr_codes_are_those_of_segno(text: str) -> None:
    ours = module_says("vendor/qr/index.js", 'it.encodeQR(args[0], "raw", { ecc: "medium", border: 4 })', text)
    made = segno.make(text, error="m", boost_error=False, micro=False)
    theirs = [
        segno.make(text, error="m", version=made.version, mask=mask, boost_error=False, micro=False)
        for mask in range(8)
    ]
    assert ours in [[[bool(cell) for cell in row] for row in one.matrix_iter(border=4)] for one in theirs]
