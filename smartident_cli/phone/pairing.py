"""`smartident phone let-in`, and how a further phone waits until it is let in."""

import time
from typing import Annotated

import msgspec
import typer

from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.phone.new_device_view import show_new_device
from smartident_cli.phone.options import DEFAULT_FILE, File, Url, phone_in_hand
from smartident_cli.terminal import Terminal
from smartident_client.answers import Decided
from smartident_client.approval_keys import ApprovalKey, RawApprovalKey
from smartident_client.keys import Key
from smartident_client.keystore import Account
from smartident_client.pairing import Enrolment, WaitingDevice
from smartident_client.phone import Phone
from smartident_client.wire import Refused

EVERY = 3
"""So many seconds lie between two questions whether the phone was let in."""


def let_in(
    registration_id: Annotated[
        str, typer.Argument(help="Id of the request, or its start; not needed for the only one.")
    ] = "",
    *,
    not_me: Annotated[bool, typer.Option("--not-me", help='"Das war ich nicht": decline and report it.')] = False,
    retire: Annotated[
        bool,
        typer.Option("--retire", help="Sign this phone out once the new one has logged in, in the same signature."),
    ] = False,
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Let a new phone in: is it in your hand, which code does it show, and the fingerprint."""
    if not_me and retire:
        raise typer.BadParameter("it lets a phone in, and --not-me lets none in", param_hint="--retire")
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        waiting = _chosen(phone, registration_id, terminal)
        show_new_device(waiting, terminal, now=phone.now())
        if not_me:
            decided = phone.deny(waiting, "not_me")
            terminal.say("denied_not_me")
        else:
            decided = _approve(phone, waiting, terminal, retire=retire)
        terminal.answer(registration_id=waiting.request.registration_id, status=decided.status)


def _approve(phone: Phone, waiting: WaitingDevice, terminal: Terminal, *, retire: bool) -> Decided:
    if not terminal.confirm("ask_in_hand", default=False):
        terminal.give_up("not_approved")
    code = terminal.ask("ask_pairing")
    if retire:
        terminal.say("will_retire")
    if not terminal.confirm("ask_fingerprint"):
        terminal.give_up("not_approved")
    decided = phone.approve(waiting, code, retire=retire)
    terminal.say("new_device_approved")
    if retire:
        terminal.say("retires", name=waiting.statement.device_name)
    return decided


def wait_to_be_let_in(phone: Phone, enrolment: Enrolment, terminal: Terminal) -> Account:
    """Show the code, and ask every few seconds until an old phone has let this one in."""
    shown = enrolment.registration
    terminal.say("pairing_shown", qr=enrolment.qr_text, digits=shown.pairing_digits, fingerprint=shown.fingerprint)
    key: ApprovalKey = RawApprovalKey(Key.make())
    while True:
        try:
            return phone.verify(enrolment, approval_key=key)
        except Refused as refused:
            if refused.code != "registration_pending":
                raise
            time.sleep(EVERY)


def members_of(waiting: WaitingDevice) -> dict[str, object]:
    """A new phone as a program reads it."""
    shown: dict[str, object] = msgspec.to_builtins(waiting.statement)
    return {**shown, "expires_at": waiting.request.expires_at, "differs": waiting.request.differs}


def _chosen(phone: Phone, start: str, terminal: Terminal) -> WaitingDevice:
    if not phone.accounts():
        terminal.give_up("no_account")
    fitting = [one for one in phone.new_devices() if one.request.registration_id.startswith(start)]
    if not fitting:
        terminal.give_up("no_such_approval")
    return fitting[0] if len(fitting) == 1 else terminal.give_up("which_login")
