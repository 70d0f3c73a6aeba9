"""One person of the rehearsal, with a browser on the login page and a phone."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from labs.rehearsal.stack_template import http_url
from smartident_cli.story.play import Differs, expect
from smartident_client.browser import Browser
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_client.wire import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labs.rehearsal.deployment import Deployment
    from labs.rehearsal.stand_in import StandIn
    from smartident_client.answers import Login
    from smartident_client.keystore import Account
    from smartident_client.statement import Pending
    from smartident_laptop.demo.accounts import DemoAccount

PAGE = "https://financeapp.example"


@dataclass
class Walker:
    """One person with a browser and a phone."""

    person: DemoAccount
    browser: Browser
    phone: Phone
    deployment: Deployment
    # A function that nobody called yet starts slowly on a busy machine.
    patience: float = 60
    # A login that began before its address had to wait.
    waiting: Login | None = None
    # What the sign-in at a client left in the browser and with the client.
    session_cookie: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)

    @property
    def account(self) -> Account:
        """The account on the phone; raises Differs before there is one."""
        accounts = self.phone.accounts()
        expect(bool(accounts), "the phone holds no account")
        return accounts[0]

    def texted(self) -> str:
        """The code of the last SMS; raises Differs if none came."""
        return texted(self.deployment.stand_in, self.person.phone)

    def start(self) -> Login:
        """The right password, which starts a login."""
        return self.browser.start(self.person.email, self.person.password)

    def shown(self, login: Login) -> Pending:
        """What the phone shows of a login; raises Differs if it shows nothing."""
        waiting = [one for one in self.phone.approvals(self.account) if one.request.login_id == login.login_id]
        expect(len(waiting) == 1, 'under "Freigabe" the request is missing')
        return waiting[0]


@contextmanager
def walker(deployment: Deployment, person: DemoAccount) -> Iterator[Walker]:
    """A person before the first scene."""
    url = http_url(deployment.stand_in.url)
    with (
        tempfile.TemporaryDirectory() as pocket,
        Phone(url, KeyStore(Path(pocket) / "phone.json")) as phone,
        Browser(url, origin=PAGE) as browser,
    ):
        yield Walker(person, browser, phone, deployment)


def texted(stand_in: StandIn, phone: str) -> str:
    """The code of the last SMS to a phone; raises Differs if none came."""
    texts = stand_in.sms_to(phone)
    expect(bool(texts), "no SMS came")
    return code_in(texts[-1])


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect this refusal; raises Differs for none and passes another on."""
    try:
        yield
    except Refused as one:
        if one.code != code:
            raise
    else:
        raise Differs(f"nobody refused, but {code} was promised")
