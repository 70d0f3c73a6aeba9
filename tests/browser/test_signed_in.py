"""The page that a login ends on: it believes a token only by the service's own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident_laptop.demo.accounts import JONAS

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def test_a_token_of_a_new_signing_key_is_verified_where_the_old_keys_are_kept(desk: Desk) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(json={"keys": [{"kid": "old", "kty": "EC", "crv": "P-256", "x": "", "y": ""}]})
        else:
            route.continue_()

    desk.page.route("**/.well-known/jwks.json", answer)
    desk.log_in(JONAS)
    desk.wait_for_signed_in()
    assert len(asked) == 2
