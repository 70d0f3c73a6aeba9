"""The waiting page's connection: made again when it drops, and with nothing secret on the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import WebSocketRoute, expect

from smartident_laptop.demo.accounts import ANNA

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.phone import Phone

pytestmark = pytest.mark.browser


def test_a_dropped_connection_is_made_again_with_the_next_ticket(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    connections: list[WebSocketRoute] = []

    def drop_the_first(socket: WebSocketRoute) -> None:
        connections.append(socket)
        server = socket.connect_to_server()
        if len(connections) == 1:
            server.on_message(lambda _: socket.close())

    desk.page.route_web_socket(re.compile("."), drop_the_first)
    desk.log_in(ANNA)
    expect(desk.page.locator(".news.live")).to_be_visible()
    assert len(connections) == 2
    desk.page.route("**/v1/logins/*", lambda route: route.abort())
    phone.open_request(desk)
    phone.type_transfer_code(desk.transfer_code())
    phone.approve()
    desk.wait_for_signed_in()


def test_the_waiting_page_shows_no_secret_and_keeps_only_its_own_login(desk: Desk, phone: Phone) -> None:
    phone.enrol(ANNA)
    with desk.page.expect_response("**/v1/logins") as answered:
        desk.log_in(ANNA)
    started = answered.value.json()
    desk.page.locator(".news.live").wait_for()
    kept = desk.page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, document.cookie])"
    )
    ticket = started["socket"]["protocols"][1].rpartition(".")[2]
    for secret in (ticket, ANNA.password):
        assert secret not in desk.page.content()
        assert secret not in kept
    # A reload goes on with the login: this tab alone keeps its token, and only while it waits.
    assert started["login_token"] not in desk.page.content()
    assert list(desk.page.evaluate("Object.keys(sessionStorage)")) == ["financeapp.login"]
    assert started["login_token"] not in desk.page.evaluate("JSON.stringify({...localStorage})")
    desk.page.get_by_role("button", name="Abbrechen").click()
    desk.page.locator(".sign").wait_for()
    assert desk.page.evaluate("sessionStorage.length") == 0
