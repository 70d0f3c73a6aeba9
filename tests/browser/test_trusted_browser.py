"""The login page keeps the token by which an account knows its browser again, and works without."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident_laptop.demo.accounts import ANNA, JONAS

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser
TOKEN = "localStorage.getItem('smartident.trusted_browser:')"
FORBIDDEN = "Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no'); } })"


def sign_in(desk: Desk, phone: Phone) -> str | None:
    """Log in with the phone's approval; the token that the page showed to the service, if it has one."""
    with desk.page.expect_request("**/v1/logins") as sent:
        desk.log_in(ANNA)
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    phone.page.locator(".sign.good").wait_for()
    phone.page.get_by_role("link", name="Fertig").click()
    desk.wait_for_signed_in()
    shown: str | None = json.loads(sent.value.post_data or "{}").get("trusted_browser")
    return shown


def test_a_browser_that_a_phone_approved_is_known_at_the_next_login(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    assert sign_in(desk, phone) is None
    token = desk.page.evaluate(TOKEN)
    assert sign_in(desk, phone) == token
    assert desk.page.evaluate(TOKEN).split(".")[0] == token.split(".")[0]


def test_a_password_alone_leaves_no_token(desk: Desk) -> None:
    desk.log_in(JONAS)
    desk.wait_for_signed_in()
    assert desk.page.evaluate(TOKEN) is None


def test_where_the_page_may_keep_nothing_people_sign_in_all_the_same(desk: Desk, phone: Phone) -> None:
    desk.page.add_init_script(FORBIDDEN)
    phone.enrol(ANNA)
    assert [sign_in(desk, phone) for _ in range(2)] == [None, None]
