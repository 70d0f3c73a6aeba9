"""Storage that is lost, dropped, forbidden or silent: a sentence and a way on, never a white page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from smartident_laptop.demo.accounts import ANNA, SABINE
from tests.browser import storage
from tests.browser.phone import Phone
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
KEYS_GONE = "Auf diesem Gerät fehlen die Schlüssel"


def lose_keys(phone: Phone) -> None:
    """The browser deletes the database, as it may when space runs short."""
    phone.page.evaluate(
        "new Promise((done) => { indexedDB.deleteDatabase('smartident').onsuccess = () => done(true); })"
    )


def test_lost_keys_are_explained_and_the_dead_device_is_named(
    window: Callable[..., Page], desk: Desk, phone: Phone
) -> None:
    other = Phone(window(mobile=True), phone.stack)
    other.enrol(SABINE)
    phone.enrol_by(other, SABINE)
    phone.open_accounts()
    phone.page.locator("a.tile").click()
    current = phone.page.locator("li.tile").filter(has_text="Dieses Gerät")
    current.locator("summary").click()
    current.locator("input").fill("Sabines altes Handy")
    current.get_by_role("button", name="Speichern").click()
    expect(current).to_contain_text("Sabines altes Handy")
    lose_keys(phone)
    phone.open()
    lost = phone.page.get_by_role("region", name=KEYS_GONE)
    expect(lost).to_contain_text(SABINE.number)
    expect(lost).to_contain_text("„Sabines altes Handy“")
    assert accessibility_faults(phone.page) == []
    desk.log_in(SABINE)
    phone.page.goto(f"{phone.stack.url}/app/{desk.request()}")
    expect(phone.page.get_by_role("heading", name=KEYS_GONE)).to_be_visible()
    phone.page.get_by_role("link", name="Zugang neu einrichten").click()
    other.let_in(phone.show_code(SABINE))
    dead = phone.page.get_by_role("region", name=re.compile("Sabines altes Handy"))
    dead.get_by_role("button", name="Bisheriges Gerät sperren").click()
    expect(dead).to_contain_text("Das bisherige Gerät ist gesperrt.")
    phone.open_accounts()
    expect(phone.page.get_by_role("region", name=KEYS_GONE)).to_have_count(0)
    phone.page.locator("a.tile").click()
    expect(phone.page.locator("li.tile").filter(has_text="Sabines altes Handy")).to_contain_text("gesperrt")


def test_keys_that_are_lost_while_the_app_is_open_are_missed_at_once(phone: Phone) -> None:
    phone.enrol(ANNA)
    lose_keys(phone)
    expect(phone.page.get_by_role("heading", name=KEYS_GONE)).to_be_visible()
    phone.page.get_by_role("button", name="Nicht mehr anzeigen").click()
    expect(phone.page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()


def test_where_everything_was_deleted_the_app_still_says_what_may_have_happened(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    origin = {"origin": phone.stack.url, "storageTypes": "all"}
    phone.sensor.send("Storage.clearDataForOrigin", origin)
    phone.open()
    phone.page.get_by_text("Hier war schon ein Zugang eingerichtet?").click()
    expect(phone.page.get_by_text("fehlen auf diesem Gerät die Schlüssel")).to_be_visible()
    desk.log_in(ANNA)
    phone.page.goto(f"{phone.stack.url}/app/{desk.request()}")
    expect(phone.page.get_by_role("heading", name=KEYS_GONE)).to_be_visible()
    assert accessibility_faults(phone.page) == []


def test_a_connection_that_the_browser_dropped_is_opened_anew(desk: Desk, phone: Phone) -> None:
    phone.page.add_init_script(storage.CONNECTIONS)
    phone.enrol(ANNA)
    assert phone.page.evaluate("connections.length")
    phone.page.evaluate("connections.forEach((connection) => connection.close())")
    desk.log_in(ANNA)
    phone.open_request(desk)
    phone.page.evaluate("connections.forEach((connection) => connection.close())")
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    desk.wait_for_signed_in()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (storage.FORBIDDEN, "lässt smartIDENT nichts speichern"),
        (storage.ABSENT, "lässt smartIDENT nichts speichern"),
        (storage.FAILING, "Der Speicher dieses Browsers ist gestört."),
        (storage.SILENT, "Der Speicher dieses Browsers antwortet nicht."),
    ],
    ids=["forbidden", "absent", "failing", "silent"],
)
@pytest.mark.parametrize("path", ["", "#/accounts", "#/new", "#/code", "#/account/x", "#/request/x.y"])
def test_storage_that_does_not_work_is_a_sentence_on_every_view(
    window: Callable[..., Page], stack: Stack, broken: str, said: str, path: str
) -> None:
    phone = Phone(window(mobile=True), stack)
    phone.page.add_init_script(broken)
    phone.page.goto(f"{stack.url}/app/{path}")
    expect(phone.page.get_by_role("alert").filter(has_text=said)).to_be_visible(timeout=20_000)
    expect(phone.page.locator("#view").locator("a, button").first).to_be_visible()


def test_storage_that_comes_back_is_used(phone: Phone) -> None:
    phone.page.add_init_script(f"globalThis.real = IDBFactory.prototype.open; {storage.FORBIDDEN}")
    phone.page.goto(f"{phone.stack.url}/app/")
    expect(phone.page.get_by_role("heading", name="Kein Zugriff auf Ihre Zugänge")).to_be_visible()
    assert accessibility_faults(phone.page) == []
    phone.page.evaluate("() => { IDBFactory.prototype.open = real; }")
    phone.page.get_by_role("button", name="Erneut versuchen").click()
    expect(phone.page.get_by_role("heading", name="Noch kein Zugang")).to_be_visible()


@pytest.mark.parametrize(
    ("unable", "said"),
    [
        (
            "PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = async () => false;",
            "weder Face ID noch Fingerabdruck",
        ),
        ("delete globalThis.PublicKeyCredential;", "weder Face ID noch Fingerabdruck"),
        (storage.NO_KEYS, "kann keine Schlüssel aufbewahren"),
        (storage.LOSES_KEYS, "kann keine Schlüssel aufbewahren"),
        (storage.FULL, "kein Speicher mehr frei"),
    ],
    ids=["no sensor", "no passkeys", "refuses keys", "loses keys", "full"],
)
def test_what_a_device_cannot_do_is_told_before_password_and_sms(phone: Phone, unable: str, said: str) -> None:
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url) if "/v1/keys" in request.url else None)
    phone.page.add_init_script(unable)
    phone.page.goto(f"{phone.stack.url}/app/#/new")
    expect(phone.page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(phone.page.locator("#password")).to_have_count(0)
    assert accessibility_faults(phone.page) == []
    assert asked == []


@pytest.mark.parametrize(("promised", "warned"), [("true", 0), ("false", 1)], ids=["kept for good", "may be deleted"])
def test_a_browser_that_may_delete_the_keys_is_warned_of_before_enrolling(
    phone: Phone, promised: str, warned: int
) -> None:
    phone.page.add_init_script(f"""
      StorageManager.prototype.persisted = async () => false;
      StorageManager.prototype.persist = async () => {promised};
    """)
    phone.page.goto(f"{phone.stack.url}/app/#/new")
    phone.page.locator("#identifier").wait_for()
    expect(phone.page.get_by_text("Dieser Browser kann die Schlüssel löschen")).to_have_count(warned)


def test_a_browser_that_never_says_whether_it_keeps_them_holds_nobody_up(phone: Phone) -> None:
    phone.page.add_init_script("StorageManager.prototype.persist = () => new Promise(() => {});")
    phone.page.add_init_script("StorageManager.prototype.persisted = async () => false;")
    phone.enrol(ANNA)


def test_pages_work_where_the_browser_forbids_small_storage_too(desk: Desk, phone: Phone) -> None:
    phone.page.add_init_script(storage.NO_LOCAL_STORAGE)
    desk.page.add_init_script(storage.NO_LOCAL_STORAGE)
    phone.enrol(ANNA)
    desk.log_in(ANNA)
    expect(desk.page.locator("#transfer-code")).to_be_visible()
    desk.page.goto(f"{desk.stack.url}/financeapp/signed-in/")
    expect(desk.page.get_by_role("heading", name="Sie sind abgemeldet")).to_be_visible()
