"""The story of a new phone by the old one, in four steps that follow the eight: both phones, all over the wire."""

import time
from contextlib import closing
from dataclasses import dataclass

from smartident_cli.phone.new_device_view import show_new_device
from smartident_cli.story.play import Person, confirm, expect, log_in, see_the_request, step
from smartident_cli.terminal import Terminal
from smartident_client.browser import Browser
from smartident_client.keystore import Account
from smartident_client.page import Page
from smartident_client.pairing import BY_DEVICE, Enrolment, WaitingDevice
from smartident_client.phone import Phone
from smartident_client.wire import Refused

LONGEST = 60
"""So long a person with a phone in each hand may take, in seconds."""


@dataclass(frozen=True)
class Hands:
    """One person, two phones: the old one holds the account, the new one is empty."""

    old: Phone
    new: Phone
    retires: bool = False
    """Whether the old phone signs that it leaves for the new one."""


def pair(person: Person, account: Account, hands: Hands, terminal: Terminal) -> float:
    """Play the four steps; how many seconds they took."""
    began = time.perf_counter()
    with step(9, terminal):
        enrolment = begin(person, hands.new, terminal)
    with step(10, terminal):
        waiting = be_asked(enrolment, account, hands.old, terminal)
    with step(11, terminal):
        let_in(waiting, enrolment, hands, terminal)
    with step(12, terminal):
        arrive(enrolment, account, hands, terminal)
    seconds = time.perf_counter() - began
    expect(seconds < LONGEST, f"the new phone took {seconds:.0f} seconds")
    terminal.say("paired_in", seconds=f"{seconds:.1f}")
    return seconds


def begin(person: Person, new: Phone, terminal: Terminal) -> Enrolment:
    """The password alone sends no SMS any more and lets nobody in: the new phone shows a code."""
    enrolment = new.register(person.identifier, person.password, device_name="Neues Telefon der Geschichte")
    shown = enrolment.registration
    expect(shown.confirm_by == BY_DEVICE, "the service sent an SMS for a further phone")
    expect((len(shown.pairing), len(shown.pairing_digits)) == (22, 8), "the new phone has no code to show")
    terminal.say("shows_pairing", digits=shown.pairing_digits, fingerprint=shown.fingerprint)
    try:
        new.verify(enrolment)
    except Refused as refused:
        expect(refused.code == "registration_pending", f"the new phone was refused as {refused.code}")
    else:
        expect(kept=False, broken="the password alone let the new phone in")
    return enrolment


def be_asked(enrolment: Enrolment, account: Account, old: Phone, terminal: Terminal) -> WaitingDevice:
    """Under "Freigabe" stands the very phone that was begun, apart from the logins."""
    told = enrolment.registration
    waiting = [one for one in old.new_devices(account) if one.request.registration_id == told.registration_id]
    expect(len(waiting) == 1, 'under "Freigabe" the new phone is missing')
    stated = waiting[0].statement
    expect(stated.fingerprint == told.fingerprint, "the old phone shows another fingerprint than the new one")
    expect(stated.access_number == account.access_number, "the statement speaks of another account")
    show_new_device(waiting[0], terminal, now=old.now())
    return waiting[0]


def let_in(waiting: WaitingDevice, enrolment: Enrolment, hands: Hands, terminal: Terminal) -> None:
    """The old phone scans what the new one shows, and the fingerprint signs."""
    decided = hands.old.approve(waiting, enrolment.qr_text, retire=hands.retires)
    expect(decided.status == "approved", f"the decision became {decided.status}")
    terminal.say("lets_in")
    if hands.retires:
        terminal.say("ticks_retire")


def arrive(enrolment: Enrolment, account: Account, hands: Hands, terminal: Terminal) -> None:
    """The new phone goes on by itself; both are phones of the account."""
    mine = hands.new.verify(enrolment)
    expect(mine.account_id == account.account_id, "the new phone came into another account")
    active = {device.device_id for device in hands.new.devices(mine) if device.state == "active"}
    expect({account.device_id, mine.device_id} <= active, "the old phone or the new one is not active")
    terminal.say("arrived", access_number=mine.access_number, display_name=mine.display_name)


def leave(person: Person, account: Account, hands: Hands, browser: Browser, terminal: Terminal) -> None:
    """The new phone's first login signs the old one out, as it has signed itself."""
    (mine,) = hands.new.accounts()
    with closing(Page(browser)) as page:
        login = log_in(person, page, terminal)
        pending = see_the_request(login, mine, hands.new, terminal)
        confirm(pending, login, page, hands.new, terminal)
    try:
        hands.old.devices(account)
    except Refused as refused:
        expect(refused.code == "device_revoked", f"the old phone was refused as {refused.code}")
    else:
        expect(kept=False, broken="the old phone signed that it leaves, and is still there")
    hands.new.approvals(mine)
    active = {device.device_id for device in hands.new.devices(mine) if device.state == "active"}
    expect(active == {mine.device_id}, "the old phone is still active")
    terminal.say("retired")
