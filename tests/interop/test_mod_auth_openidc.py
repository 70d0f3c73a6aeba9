"""Debian's mod_auth_openidc lets in who approved on the phone, and hears of it when the session ends."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from smartident_laptop.demo.accounts import ANNA
from tests.interop.apache import INSTALLED, PAGE, apache
from tests.interop.conftest import APACHE_SECRET
from tests.support.person_at_browser import PersonAtBrowser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smartident_laptop.stack import Stack

# mod_auth_openidc answers 401 to what does not look like a person's browser.
BROWSER = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
MAX_WAIT = 20

pytestmark = pytest.mark.skipif(
    not INSTALLED and os.environ.get("INTEROP_APACHE") != "required",
    reason="Apache is not installed: apt-get install apache2-bin libapache2-mod-auth-openidc",
)


@pytest.fixture
def page(stack: Stack, apache_port: int) -> Iterator[str]:
    with apache(apache_port, issuer=stack.url, client_id="apache", client_secret=APACHE_SECRET) as url:
        yield url + "/"


def test_apache_lets_in_who_approved_and_ends_its_session_with_ours(
    stack: Stack, page: str, approve: Callable[[dict[str, Any]], None]
) -> None:
    with PersonAtBrowser(stack.url, ANNA, approve) as person, httpx.Client(headers=BROWSER) as browser:
        sent_to = browser.get(page)
        assert sent_to.status_code == 302, sent_to.text
        shown = browser.get(person.follow(sent_to.headers["location"]), follow_redirects=True)
        assert (shown.status_code, shown.text, str(shown.url)) == (200, PAGE, page)
        assert shown.headers["x-name"] == ANNA.number
        assert browser.get(page).text == PAGE
        sign_out(stack, person)
        until = time.monotonic() + MAX_WAIT
        while browser.get(page).status_code == 200:
            assert time.monotonic() < until, "the back channel did not tell Apache"
            time.sleep(0.1)
        assert browser.get(page).headers["location"].startswith(f"{stack.url}/oauth2/authorize?")


def sign_out(stack: Stack, person: PersonAtBrowser) -> None:
    """End the session at the provider without Apache, as another application does."""
    url = f"{stack.url}/oauth2/logout"
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', person.browser.get(url).text))
    assert person.browser.post(url, data=fields, headers={"Origin": stack.url}).status_code == 200
