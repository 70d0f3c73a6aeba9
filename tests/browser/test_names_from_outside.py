"""Names that come from outside meet no object's own: `constructor` and `__proto__` are names like any other."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Route, expect

from smartident_laptop.demo.accounts import ANNA, SABINE

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]
# And every other name that an object answers to without having it.
INHERITED = [
    *NAMES, "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
    "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "%5F%5Fproto%5F%5F",
]  # fmt: skip


def heading(phone: Phone, path: str) -> str:
    """What the app shows at a link that somebody made."""
    phone.page.goto("about:blank")
    phone.page.goto(f"{phone.stack.url}/app/{path}")
    expect(phone.page.locator("h1")).to_be_visible()
    return phone.page.locator("h1").inner_text()


def test_a_link_with_such_a_name_shows_the_apps_home(phone: Phone) -> None:
    home = heading(phone, "#/")
    assert {name: heading(phone, f"#/{name}") for name in INHERITED} == dict.fromkeys(INHERITED, home)
    assert heading(phone, "#/constructor/prototype") == home


@pytest.mark.parametrize("name", NAMES)
def test_an_account_or_request_with_such_a_name_is_none(phone: Phone, name: str) -> None:
    for path in ("#/account", "#/request"):
        assert heading(phone, f"{path}/{name}") == heading(phone, f"{path}/nobody")


def renamed(route: Route, name: str) -> None:
    """The service's answer, in which the client and the browser have such a name."""
    answer = route.fetch()
    told = answer.json()
    for approval in told["approvals"]:
        text = base64.urlsafe_b64decode(approval["statement"] + "==")
        shown = {**json.loads(text), "client": name, "browser": name, "os": name, "place": name}
        approval["statement"] = base64.urlsafe_b64encode(json.dumps(shown).encode()).decode().rstrip("=")
    route.fulfill(response=answer, json=told)


@pytest.mark.parametrize("name", NAMES)
def test_a_client_with_such_a_name_is_called_by_it(desk: Desk, phone: Phone, name: str) -> None:
    phone.enrol(ANNA)
    phone.page.route("**/v1/approvals", lambda route: renamed(route, name))
    desk.log_in(ANNA)
    expect(phone.request(desk)).to_contain_text(f"Anmeldung bei {name}")
    expect(phone.request(desk)).not_to_contain_text("native code")
    phone.open_request(desk)
    expect(phone.page.locator(".facts")).to_contain_text(name)
    expect(phone.page.locator(".facts")).not_to_contain_text("native code")
    phone.page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("name", NAMES)
def test_an_event_with_such_a_name_is_called_by_it(phone: Phone, name: str) -> None:
    event = {"event_id": "1", "type": name, "at": 1_800_000_000, "reason": name, "browser": None, "os": None}
    phone.enrol(SABINE)
    phone.page.route("**/v1/events", lambda route: route.fulfill(json={"events": [event], "next": None}))
    phone.open_accounts()
    phone.page.locator("a.tile").click()
    expect(phone.page.locator(".events li")).to_contain_text(f"{name} ({name})")
