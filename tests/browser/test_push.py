"""Push messages in a real browser: asked for on a tap, shown by the worker, and a tap on one opens the request."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Route, expect

from smartident_client import base64url
from smartident_client.push import PushSubscription, vapid_claims
from smartident_laptop.demo.accounts import ANNA
from tests.browser.phone import Phone
from tests.browser.test_offline import wait_for_worker
from tests.browser.watch import accessibility_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_laptop.stack import Stack
    from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
WITHIN = 10
# What a browser with a connection to its push service does; without one, subscribing never ends.
BROWSER = """([endpoint, p256dh, auth]) => {
  const plain = (text) => atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = (text) => Uint8Array.from(plain(text), (one) => one.charCodeAt(0)).buffer;
  const keys = { p256dh: bytes(p256dh), auth: bytes(auth) };
  const made = (options) => ({ endpoint, options, getKey: (name) => keys[name],
    unsubscribe: async () => { sessionStorage.removeItem("stub"); return true; } });
  PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
    sessionStorage.setItem("stub", btoa(String.fromCharCode(...new Uint8Array(key))));
    return made({ applicationServerKey: key });
  };
  PushManager.prototype.getSubscription = async () => {
    const key = sessionStorage.getItem("stub");
    return key === null ? null : made({ applicationServerKey: bytes(key) });
  };
}"""


class Woken:
    """A phone whose browser has a push service, and the notifications that it shows."""

    def __init__(self, page: Page, stack: Stack, name: str) -> None:
        self.stack = stack
        page.context.grant_permissions(["notifications"], origin=stack.url)
        self.subscription = PushSubscription.make(f"{stack.local_url}/push/{name}")
        keys = (self.subscription.p256dh, self.subscription.auth)
        given = json.dumps([self.subscription.endpoint, *map(base64url.encode, keys)])
        page.context.add_init_script(f"({BROWSER})({given})")
        self.name, self.page = name, page
        self.phone = Phone(page, stack)

    def messages(self, count: int) -> list[dict[str, Any]]:
        """What the push service got for this phone, once it is so many messages, as the phone reads it."""
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            taken = [one for one in self.stack.push_service.messages() if one.subscription == self.name]
            if len(taken) >= count:
                return [self.subscription.read(base64url.decode(one.body)) for one in taken]
            time.sleep(0.05)
        raise TimeoutError(f"fewer than {count} push messages")

    def deliver(self, message: dict[str, Any]) -> None:
        """Hand a message to the app's worker, as the browser does."""
        session, seen = self.page.context.new_cdp_session(self.page), []
        session.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.extend(event["registrations"]))
        session.send("ServiceWorker.enable")
        until = time.monotonic() + WITHIN
        while not seen and time.monotonic() < until:
            self.page.wait_for_timeout(50)
        told = {"origin": self.stack.url, "registrationId": seen[0]["registrationId"], "data": json.dumps(message)}
        session.send("ServiceWorker.deliverPushMessage", told)
        session.detach()

    def shown(self) -> list[dict[str, Any]]:
        """The notifications that stand on the lock screen."""
        return list(
            self.page.evaluate(
                "navigator.serviceWorker.ready.then((one) => one.getNotifications())"
                ".then((all) => all.map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, data })))"
            )
        )

    def wait_for_notification(self) -> dict[str, Any]:
        """The one notification."""
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            if found := self.shown():
                return found[0]
            self.page.wait_for_timeout(50)
        raise TimeoutError("no notification")


def tap(page: Page) -> None:
    """Tap the notification: no tool of the browser's does, so its worker is told what a tap tells it."""
    (worker,) = page.context.service_workers
    worker.evaluate(
        "registration.getNotifications().then(([notification]) =>"
        " dispatchEvent(new NotificationEvent('notificationclick', { notification })))"
    )


@pytest.fixture
def woken(window: Callable[..., Page], stack: Stack) -> Woken:
    return Woken(window(mobile=True), stack, f"anna-{time.monotonic_ns()}")


def enrol(woken: Woken) -> None:
    """Steps 2 to 5, up to the view that says that the account is there."""
    phone = woken.phone
    before = phone.count_sms(ANNA)
    phone.ask_for_code(ANNA)
    phone.page.locator("#code").fill(phone.read_sms(ANNA, after=before))
    phone.page.locator("form .button.main").click()
    phone.page.locator("#push-on").wait_for()


def test_a_login_wakes_the_phone_and_a_tap_on_the_notification_shows_the_request(desk: Desk, woken: Woken) -> None:
    enrol(woken)
    assert accessibility_faults(woken.page) == []
    woken.page.locator("#push-on").click()
    expect(woken.page.locator("#push [role=status]")).to_contain_text("Dieses Gerät meldet sich")
    expect(woken.page.locator("#push-on")).to_have_count(0)
    # The first message to a fresh profile shows nothing in this browser; a second load settles it.
    wait_for_worker(woken.page)
    woken.page.goto(f"{woken.stack.url}/app/#/accounts")
    woken.page.reload()
    expect(woken.page.locator("#push-off")).to_be_visible()
    desk.log_in(ANNA)
    desk.page.locator(".news").wait_for()
    message = woken.messages(1)[0]
    assert message["notification"]["navigate"].endswith("/app/#/")
    (sent,) = [one for one in woken.stack.push_service.messages() if one.subscription == woken.name]
    claims, _ = vapid_claims({"Authorization": sent.authorization})
    assert claims["aud"] == woken.stack.local_url
    woken.deliver(message)
    shown = woken.wait_for_notification()
    assert shown == {
        "title": "smartIDENT",
        "body": "Eine Anfrage wartet auf Ihre Entscheidung. Tippen Sie hier, um sie anzusehen.",
        "tag": "request",
        "lang": "de",
        "data": "#/",
    }
    tap(woken.page)
    woken.page.wait_for_url("**/app/#/")
    woken.phone.request(desk).wait_for()
    assert woken.shown() == []


def test_notifications_are_switched_off_as_they_were_switched_on(desk: Desk, woken: Woken) -> None:
    enrol(woken)
    woken.page.locator("#push-later").click()
    expect(woken.page.locator("#push")).to_have_count(0)
    woken.page.locator(".button.main").click()
    woken.phone.open_accounts()
    woken.page.locator("#push-on").click()
    expect(woken.page.locator("#push-off")).to_be_visible()
    assert accessibility_faults(woken.page) == []
    woken.page.locator("#push-off").click()
    expect(woken.page.locator("#push-on")).to_be_visible()
    desk.log_in(ANNA)
    woken.phone.page.locator("#tab-approvals").click()
    woken.phone.request(desk).wait_for()
    assert [one for one in woken.stack.push_service.messages() if one.subscription == woken.name] == []


def test_a_person_who_allows_none_is_told_that_the_app_works_without(phone: Phone) -> None:
    """No browser of these tests grants anything by itself."""
    phone.page.context.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => globalThis.answer ?? 'default' });"
        "Notification.requestPermission = async () => (globalThis.answer = 'denied');"
    )
    phone.enrol(ANNA)
    phone.open_accounts()
    phone.page.locator("#push-on").click()
    expect(phone.page.locator("#push [role=alert]")).to_contain_text("nicht erlaubt")
    expect(phone.page.locator("#push [role=status]")).to_contain_text("Die App funktioniert auch ohne")
    expect(phone.page.locator("#push-on")).to_have_count(0)


NEW_KEY = base64url.encode(PushSubscription.make("https://push.example/new").p256dh)
PUT_PATH = "**/v1/devices/*/push"
SUBSCRIBED_TO = "sessionStorage.getItem('stub')"


def rotate_key(page: Page) -> list[dict[str, Any]]:
    """From now on the service has another key; what the app asks it to keep is written down."""
    asked: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        if route.request.method == "PUT":
            asked.append(dict(route.request.post_data_json or {}))
            route.fulfill(status=204)
        else:
            route.fulfill(json={"application_server_key": NEW_KEY, "endpoint_sha256": None})

    page.route(PUT_PATH, answer)
    return asked


def wait_for_new_key(page: Page, asked: list[dict[str, Any]]) -> None:
    """The browser is subscribed to the new key, and the service is told."""
    standard = base64.b64encode(base64url.decode(NEW_KEY)).decode()
    until = time.monotonic() + WITHIN
    while not asked and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert page.evaluate(SUBSCRIBED_TO) == standard
    assert {one["application_server_key"] for one in asked} == {NEW_KEY}


def switched_on(woken: Woken) -> None:
    """The phone is subscribed to the key of today."""
    enrol(woken)
    woken.page.locator("#push-on").click()
    expect(woken.page.locator("#push [role=status]")).to_contain_text("Dieses Gerät meldet sich")
    wait_for_worker(woken.page)


def test_after_a_new_key_of_the_service_the_opened_app_subscribes_to_it(woken: Woken) -> None:
    switched_on(woken)
    asked = rotate_key(woken.page)
    # The app asks once a day.
    woken.page.evaluate(
        "localStorage.setItem('smartident.push', JSON.stringify({"
        " ...JSON.parse(localStorage.getItem('smartident.push')), at: 0 }))"
    )
    woken.page.reload()
    wait_for_new_key(woken.page, asked)


def test_when_the_browser_changes_its_subscription_the_open_app_subscribes_to_the_key_of_now(woken: Woken) -> None:
    switched_on(woken)
    asked = rotate_key(woken.page)
    (worker,) = woken.page.context.service_workers
    worker.evaluate("dispatchEvent(new ExtendableEvent('pushsubscriptionchange'))")
    wait_for_new_key(woken.page, asked)


def test_a_subscription_that_the_browser_ended_is_made_again_by_the_worker_alone(woken: Woken) -> None:
    """No window of the app is needed; the next opening tells the service."""
    switched_on(woken)
    (worker,) = woken.page.context.service_workers
    again = worker.evaluate(
        """async () => {
          const options = { userVisibleOnly: true, applicationServerKey: new Uint8Array([4, 2]).buffer };
          let resolve;
          const asked = new Promise((done) => { resolve = done; });
          PushManager.prototype.subscribe = async (given) => resolve(given);
          const event = new ExtendableEvent("pushsubscriptionchange");
          Object.defineProperty(event, "oldSubscription", { value: { options } });
          dispatchEvent(event);
          const given = await asked;
          return [given.userVisibleOnly, [...new Uint8Array(given.applicationServerKey)]];
        }"""
    )
    assert again == [True, [4, 2]]
