"""The story of one login, in eight steps, as the person lives it: browser, phone and SMS, all over the wire.

`smartident story` and the tests play the same `play`; what differs from the promise is a `Differs` with its step.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from smartident_cli.phone.approval_view import show
from smartident_cli.story.operators_code import is_used_up
from smartident_cli.terminal import Terminal
from smartident_client.answers import Login, Registration
from smartident_client.approval_keys import ApprovalKey
from smartident_client.browser import Browser
from smartident_client.id_token import verified_claims
from smartident_client.keystore import Account
from smartident_client.page import Page
from smartident_client.pairing import BY_ENROLMENT_CODE, Enrolment
from smartident_client.phone import Phone
from smartident_client.statement import Pending
from smartident_client.wire import Refused, WireError

SOCKET_PATIENCE = 15
PUSH_PATIENCE = 15


class Differs(Exception):  # noqa: N818  # what happened, not a fault of the program
    """The story went another way than promised."""


@dataclass(frozen=True)
class Person:
    """Who logs in; the SMS reader is their eyes."""

    identifier: str
    password: str = field(repr=False)
    read_code: Callable[[Registration], str]
    client_id: str | None = None
    approval_key: ApprovalKey | None = None
    device_name: str = "Telefon der Geschichte"
    # What an operator handed over; with it the phone is set up without password and SMS.
    enrolment_code: str = field(default="", repr=False)


@dataclass(frozen=True)
class Ending:
    """How the story ended: who is signed in, and how long the browser took after the fingerprint."""

    account: Account
    claims: dict[str, Any]
    moved_ms: int
    signed_in_ms: int


def play(person: Person, *, browser: Browser, phone: Phone, terminal: Terminal) -> Ending:
    """Play the eight steps."""
    with step(1, terminal):
        install_the_app(person, browser, terminal)
    with step(2, terminal):
        open_the_app(phone, terminal)
    with step(3, terminal):
        enrolment = register_the_key(person, phone, terminal)
    with step(4, terminal):
        account = complete_the_registration(person, enrolment, phone, terminal)
    with step(5, terminal):
        see_the_account(account, phone, terminal)
    with closing(Page(browser)) as page:
        with step(6, terminal):
            login = log_in(person, page, terminal)
        with step(7, terminal):
            pending = see_the_request(login, account, phone, terminal)
        with step(8, terminal):
            return confirm(pending, login, page, phone, terminal)


def install_the_app(person: Person, browser: Browser, terminal: Terminal) -> None:
    """Without a phone the page offers the app; with one, the story cannot be told: only that phone lets another in."""
    terminal.say("tries_login", identifier=person.identifier)
    try:
        login = browser.start(person.identifier, person.password, client_id=person.client_id)
    except Refused as refused:
        if refused.code != "key_registration_required":
            raise
        links = refused.extras.get("app_links", {})
        expect({"app_store", "play_store", "web"} <= set(links), "the page has no links to the app")
        terminal.say("refused", title=refused.title, code=refused.code)
        terminal.say("install", links=" · ".join(str(link) for link in links.values() if link))
    else:
        expect(login.status == "pending", "a right password alone let the browser in: is two-factor off?")
        browser.cancel(login)
        terminal.say("has_phone")
        raise Differs("the account has a phone already")


def open_the_app(phone: Phone, terminal: Terminal) -> None:
    """A new app holds no account."""
    expect(not phone.accounts(), "the new app holds an account already")
    terminal.say("plus")


def register_the_key(person: Person, phone: Phone, terminal: Terminal) -> Enrolment:
    """Identifier and password make the service send the SMS; with an operator's code it sends none."""
    name, code = person.device_name, person.enrolment_code
    if not code:
        terminal.say("registers", identifier=person.identifier)
        return phone.register(person.identifier, person.password, device_name=name)
    terminal.say("registers_by_code", identifier=person.identifier)
    enrolment = phone.register(person.identifier, enrolment_code=code, device_name=name)
    shown = enrolment.registration
    expect(shown.confirm_by == BY_ENROLMENT_CODE, "the operator's code did not confirm the registration")
    expect(not shown.phone_hint, "the service sent an SMS beside the operator's code")
    return enrolment


def complete_the_registration(person: Person, enrolment: Enrolment, phone: Phone, terminal: Terminal) -> Account:
    """The code from the SMS makes the key count; the operator's code has done so already, and lets nobody else in."""
    if person.enrolment_code:
        account = phone.verify(enrolment, approval_key=person.approval_key)
        expect(is_used_up(person.enrolment_code, person.identifier, phone), "the code lets another phone in")
        terminal.say("no_sms")
        return account
    terminal.say("sms_arrives", phone_hint=enrolment.registration.phone_hint)
    code = person.read_code(enrolment.registration)
    return phone.verify(enrolment, code, approval_key=person.approval_key)


def see_the_account(account: Account, phone: Phone, terminal: Terminal) -> None:
    """The app holds the account, and the service knows the phone as this one and active."""
    mine = [device for device in phone.devices(account) if device.device_id == account.device_id]
    expect([(device.state, device.current) for device in mine] == [("active", True)], "the phone is not active")
    number, name = account.access_number, account.display_name
    terminal.say("stored", access_number=number, display_name=name, device=mine[0].name)


def log_in(person: Person, page: Page, terminal: Terminal) -> Login:
    """The right password now points to the app, and the page waits on its WebSocket."""
    login = page.browser.start(person.identifier, person.password, client_id=person.client_id)
    expect(login.status == "pending", f"the login is {login.status} before anybody approved it")
    terminal.say("logs_in", identifier=person.identifier)
    page.watch(login)
    expect(page.opened.wait(SOCKET_PATIENCE), "the WebSocket did not open")
    terminal.say("shows_code" if login.transfer_code else "shows_no_code", transfer_code=login.transfer_code)
    return login


def see_the_request(login: Login, account: Account, phone: Phone, terminal: Terminal) -> Pending:
    """Under "Freigabe" stands the very request that the browser made."""
    waiting = [pending for pending in phone.approvals(account) if pending.request.login_id == login.login_id]
    expect(len(waiting) == 1, 'under "Freigabe" the request is missing')
    stated = waiting[0].statement
    expect(stated.login_id == login.login_id, "the statement speaks of another login")
    expect(stated.access_number == account.access_number, "the statement speaks of another account")
    show(waiting[0], terminal, now=phone.now())
    return waiting[0]


def confirm(pending: Pending, login: Login, page: Page, phone: Phone, terminal: Terminal) -> Ending:
    """The fingerprint approves, and the browser moves on by itself to a verified session."""
    tapped_at = time.perf_counter()
    decided = phone.approve(pending, login.transfer_code or "")
    expect(decided.status == "approved", f"the decision became {decided.status}")
    expect(page.moved.wait(PUSH_PATIENCE), "the browser was not told of the approval")
    expect(page.status == "approved", f"the browser was told {page.status}")
    completion = page.browser.complete(login)
    moved_ms, signed_in_ms = _since(tapped_at, page.moved_at), _since(tapped_at, time.perf_counter())
    claims = verified_claims(
        completion.id_token, wire=page.browser.wire, client=pending.statement.client, now=phone.now()
    )
    expect(claims["sub"] == pending.account.account_id, "the session belongs to another account")
    terminal.say("confirms")
    terminal.say("moves_on", redirect_to=completion.redirect_to)
    terminal.say("signed_in", issuer=claims["iss"], amr="+".join(claims["amr"]), sid=claims["sid"])
    terminal.say("timing", moved_ms=moved_ms, signed_in_ms=signed_in_ms)
    return Ending(pending.account, claims, moved_ms, signed_in_ms)


@contextmanager
def step(number: int, terminal: Terminal) -> Iterator[None]:
    """Head a step, and tell which one differed."""
    terminal.head(number, f"step_{number}")
    try:
        yield
    except (Differs, WireError) as error:
        raise Differs(terminal.text("differs", step=number, error=error)) from error


def expect(kept: bool, broken: str) -> None:  # noqa: FBT001  # reads as the sentence that it is
    """Hold a promise of the story."""
    if not kept:
        raise Differs(broken)


def _since(start: float, end: float) -> int:
    return round((end - start) * 1000)
