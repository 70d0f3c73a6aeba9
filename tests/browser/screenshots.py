"""Pictures of every view, made from the running product: `python -m tests.browser.screenshots [folder [story ...]]`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from smartident_laptop.demo.accounts import ANNA, SABINE, THOMAS
from smartident_laptop.stack import Stack
from tests.browser.conftest import CHROMIUM, PATIENT, QUIET, STORES
from tests.browser.desk import Desk
from tests.browser.notices import link_to
from tests.browser.phone import Phone
from tests.browser.test_iphone import IPHONE
from tests.browser.test_login_passkeys import Authenticator, approved, with_a_second_passkey
from tests.support.seeded_table import SeededTable

if TYPE_CHECKING:
    from collections.abc import Iterator

Scheme = Literal["light", "dark"]
PORT = 8080
PHONE = 600
IMAGES = Path(__file__).parents[2] / "docs" / "images"


class Camera:
    """Takes the pictures of one language and one light."""

    def __init__(self, browser: Browser, stack: Stack, folder: Path, *, locale: str, scheme: Scheme) -> None:
        self.browser = browser
        self.stack = stack
        self.folder = folder
        self.locale = locale
        self.scheme = scheme
        self.mark = f"{locale[:2]}-{scheme}"

    @contextmanager
    def windows(self) -> Iterator[tuple[Desk, Phone]]:
        """A desk and a phone."""
        desk = self.open(1280, 860, mobile=False)
        phone = self.open(390, 844, mobile=True)
        yield Desk(desk, self.stack), Phone(phone, self.stack)
        desk.context.close()
        phone.context.close()

    def open(self, width: int, height: int, *, mobile: bool, agent: str | None = None) -> Page:
        """A window of its own."""
        context = self.browser.new_context(
            locale=self.locale,
            color_scheme=self.scheme,
            reduced_motion="reduce",
            is_mobile=mobile,
            has_touch=mobile,
            viewport={"width": width, "height": height},
            device_scale_factor=1.5 if mobile else 1,
            user_agent=agent,
        )
        return context.new_page()

    def take(self, page: Page, name: str) -> None:
        """One picture of the whole view; a phone is as long as its view, so that the tabs stay at its end."""
        size = page.viewport_size or {"width": 0, "height": 0}
        if size["width"] < PHONE:
            length = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(size["height"], length)})
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement?.matches('h1') && document.activeElement.blur()")
        page.screenshot(
            path=self.folder / f"{name}-{self.mark}.png",
            full_page=True,
            scale="device" if size["width"] < PHONE else "css",
        )
        page.set_viewport_size({"width": size["width"], "height": size["height"]})


def enrolment(camera: Camera) -> None:
    """The first minutes: from the login page to the stored account."""
    with camera.windows() as (desk, phone):
        desk.open()
        camera.take(desk.page, "login")
        desk.log_in(ANNA, password="Sommerregen-18")
        desk.page.locator("#password[aria-invalid]").wait_for()
        camera.take(desk.page, "login-refused")
        desk.log_in(ANNA)
        desk.page.locator(".stores, #transfer-code").first.wait_for()
        camera.take(desk.page, "install")
        phone.open()
        camera.take(phone.page, "app-empty")
        phone.page.locator("#plus").click()
        phone.page.locator("#password").wait_for()
        camera.take(phone.page, "app-enrol")
        phone.page.goto(f"{camera.stack.url}/app/#/enrolment-code")
        phone.page.locator("#identifier").fill(ANNA.number)
        phone.page.locator("#enrolment_code").fill("K7QX-2M9R-V4TD-8HJN")
        camera.take(phone.page, "app-enrolment-code")
        sent = phone.count_sms(ANNA)
        phone.ask_for_code(ANNA)
        phone.page.locator("#code").fill(phone.read_sms(ANNA, after=sent))
        camera.take(phone.page, "app-code")
        phone.page.locator("form .button.main").click()
        phone.page.locator(".sign.good").wait_for()
        camera.take(phone.page, "app-stored")


def approval(camera: Camera) -> None:
    """A login, from the waiting page to the signed-in page."""
    with camera.windows() as (desk, phone):
        phone.enrol(ANNA)
        phone.enrol(SABINE)
        camera.take(phone.page, "app-home")
        desk.log_in(ANNA)
        desk.page.locator(".news.live").wait_for()
        camera.take(desk.page, "waiting")
        phone.request(desk).wait_for()
        camera.take(phone.page, "app-requests")
        phone.open_request(desk)
        phone.type_transfer_code(desk.transfer_code())
        camera.take(phone.page, "app-approve")
        phone.approve()
        phone.page.locator(".sign.good").wait_for()
        camera.take(phone.page, "app-approved")
        desk.wait_for_signed_in()
        camera.take(desk.page, "signed-in")
        phone.page.locator(".button.main").click()
        phone.open_accounts()
        camera.take(phone.page, "app-accounts")
        phone.page.locator("a.tile").filter(has_text=ANNA.number).click()
        phone.page.locator(".events li").first.wait_for()
        camera.take(phone.page, "app-account")


def new_phone(camera: Camera) -> None:
    """A new phone by the old one, which leaves for it: from the first login with the new one on it approves nothing."""
    old, new = [Phone(camera.open(390, 844, mobile=True), camera.stack) for _ in range(2)]
    desk = Desk(camera.open(1280, 860, mobile=False), camera.stack)
    old.enrol(ANNA)
    digits = new.show_code(ANNA)
    camera.take(new.page, "app-pairing")
    old.page.goto(f"{camera.stack.url}/app/#/")
    old.page.evaluate("dispatchEvent(new Event('focus'))")
    old.page.locator("a.new-phone").wait_for()
    camera.take(old.page, "app-new-phone-asks")
    old.page.locator("a.new-phone").click()
    old.page.locator("#in-hand").wait_for()
    camera.take(old.page, "app-new-phone")
    old.page.locator("#in-hand").click()
    old.page.locator("#type").click()
    old.page.locator("#pairing_digits").fill(digits)
    old.page.locator("#retire").check()
    camera.take(old.page, "app-let-in")
    old.approve()
    new.page.locator(".sign.good").wait_for()
    old.page.locator(".sign.good").wait_for()
    camera.take(old.page, "app-leaves")
    new.page.locator(".button.main").click()
    approved(desk, new)
    old.page.goto(f"{camera.stack.url}/app/#/")
    old.page.locator(".sign").wait_for()
    camera.take(old.page, "app-retired")
    old.open_accounts()
    old.page.locator("a.tile").click()
    old.page.locator("#removed-by").wait_for()
    camera.take(old.page, "app-retired-account")
    for window in (old, new, desk):
        window.page.context.close()


def endings(camera: Camera) -> None:
    """Logins that do not end well, and no connection."""
    with camera.windows() as (desk, phone):
        phone.enrol(SABINE)
        desk.log_in(SABINE)
        phone.open_request(desk)
        phone.page.locator("#decline").click()
        phone.page.locator(".sign.bad").wait_for()
        camera.take(phone.page, "app-declined")
        desk.page.locator(".sign").wait_for()
        camera.take(desk.page, "declined")
        desk.log_in(SABINE)
        desk.page.locator(".news.live").wait_for()
        desk.page.context.set_offline(True)
        desk.page.locator(".news.offline").wait_for()
        camera.take(desk.page, "waiting-offline")
        phone.page.locator(".button.main").click()
        phone.page.context.set_offline(True)
        phone.page.locator(".notice.warn").wait_for()
        camera.take(phone.page, "app-offline")
        phone.page.context.set_offline(False)
        phone.page.evaluate("indexedDB.deleteDatabase('smartident')")
        phone.page.locator(".lost").wait_for()
        camera.take(phone.page, "app-lost")
    iphone = camera.open(390, 844, mobile=True, agent=IPHONE)
    iphone.goto(f"{camera.stack.url}/app/#/new")
    iphone.locator("#stay").wait_for()
    camera.take(iphone, "app-iphone")
    iphone.context.close()


def passkeys(camera: Camera) -> None:
    """A passkey is offered and made, and one more; then nothing else logs in."""
    with camera.windows() as (desk, phone):
        phone.enrol(ANNA)
        desk.page.goto(f"{camera.stack.url}/financeapp/")
        authenticator = Authenticator(desk)
        authenticator.touches(by_itself=False)
        approved(desk, phone)
        desk.page.locator("#passkeys.notice").wait_for()
        camera.take(desk.page, "passkey-offer")
        authenticator.touches(by_itself=True)
        desk.page.locator("#make-passkey").click()
        desk.page.locator("#passkeys strong").wait_for()
        with_a_second_passkey(desk, authenticator)
        camera.take(desk.page, "passkeys")
        desk.page.locator("[data-policy=passkey_only]").click()
        desk.page.locator("#passkeys[role=status]").wait_for()
        desk.log_in(ANNA)
        desk.page.locator("#form-error *").first.wait_for()
        camera.take(desk.page, "passkey-required")


def recovery_codes(camera: Camera) -> None:
    """Recovery codes are offered after a login, made and typed back on the phone, and used on the next one."""
    with camera.windows() as (desk, phone):
        phone.enrol(ANNA)
        desk.page.goto(f"{camera.stack.url}/financeapp/")
        approved(desk, phone)
        desk.page.locator("#recovery-offer").wait_for()
        camera.take(desk.page, "recovery-offer")
        phone.open_accounts()
        phone.page.locator("a.tile").first.click()
        phone.page.locator("#recovery-codes").click()
        phone.page.locator("#make-codes").click()
        phone.page.locator("#codes li").first.wait_for()
        camera.take(phone.page, "app-recovery-codes")
        phone.page.goto(f"{camera.stack.url}/app/#/new/recovery")
        phone.page.locator("#recovery_code").wait_for()
        camera.take(phone.page, "app-recovery")


def notifications(camera: Camera) -> None:
    """The app asks whether the phone should tell its owner."""
    phone = Phone(camera.open(390, 844, mobile=True), camera.stack)
    # This browser refuses by itself; a person's asks.
    phone.page.context.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'default' });")
    sent = phone.count_sms(ANNA)
    phone.ask_for_code(ANNA)
    phone.page.locator("#code").fill(phone.read_sms(ANNA, after=sent))
    phone.page.locator("form .button.main").click()
    phone.page.locator("#push-on").wait_for()
    camera.take(phone.page, "app-notifications")
    phone.page.context.close()


def small(camera: Camera) -> None:
    """The same on a phone of 320 by 568, where the browser that logs in is on the phone too."""
    phone = Phone(camera.open(320, 568, mobile=True), camera.stack)
    desk = Desk(camera.open(320, 568, mobile=True, agent=IPHONE), camera.stack)
    desk.log_in(THOMAS)
    desk.page.locator(".store-buttons, #transfer-code").first.wait_for()
    camera.take(desk.page, "small-install")
    phone.enrol(THOMAS)
    camera.take(phone.page, "small-home")
    desk.log_in(THOMAS)
    desk.page.locator(".news.live").wait_for()
    camera.take(desk.page, "small-waiting")
    second = Desk(camera.open(1280, 860, mobile=False), camera.stack)
    second.log_in(THOMAS)
    phone.request(second).wait_for()
    camera.take(phone.page, "small-requests")
    phone.open_request(desk)
    camera.take(phone.page, "small-approve")
    phone.page.locator("#not-me").click()
    camera.take(phone.page, "small-not-me")
    for window in (phone, desk, second):
        window.page.context.close()


def freeze(camera: Camera) -> None:
    """The page behind the link of a notice, and the account in the app once it is frozen."""
    with camera.windows() as (desk, phone):
        phone.enrol(ANNA)
        desk.page.goto(link_to(camera.stack))
        desk.page.locator("#freeze").wait_for()
        camera.take(desk.page, "freeze")
        desk.page.locator("#freeze").click()
        phone.page.locator("section.notice.bad").wait_for()
        camera.take(phone.page, "app-frozen")


def main(folder: Path, *wanted: str) -> None:
    """Take them all, or those of the stories that are named: every view in German and English, some in the dark too."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for locale, scheme, stories in LIGHTS:
            with tempfile.TemporaryFile("w") as log, Stack(PORT, parameters={**PATIENT, **STORES}, log=log) as stack:
                camera = Camera(browser, stack, folder, locale=locale, scheme=scheme)
                seeded = SeededTable(stack)
                for story in stories:
                    if not wanted or story.__name__ in wanted:
                        story(camera)
                        seeded.put_back()
        browser.close()


EVERY = (enrolment, approval, endings, small, new_phone, passkeys, recovery_codes, notifications, freeze)
LIGHTS: tuple[tuple[str, Scheme, tuple[Callable[[Camera], None], ...]], ...] = (
    ("de-DE", "light", EVERY),
    ("en-GB", "light", EVERY),
    ("de-DE", "dark", (approval,)),
)

if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else IMAGES, *sys.argv[2:])
