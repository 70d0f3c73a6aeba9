"""`smartident phone`: the app at the terminal, one command for each thing a person does in it."""

from typing import Annotated

import msgspec
import typer

from smartident_cli.options import NAMES_MAY_BEGIN_WITH_A_DASH, AsJson, LanguageOption
from smartident_cli.phone.approval_view import show
from smartident_cli.phone.devices import devices, events, rename, revoke
from smartident_cli.phone.freeze import freeze, open_
from smartident_cli.phone.new_device_view import show_new_device
from smartident_cli.phone.options import DEFAULT_FILE, File, Url, phone_in_hand
from smartident_cli.phone.pairing import let_in, members_of, wait_to_be_let_in
from smartident_cli.terminal import Terminal, say_refusal
from smartident_client.keys import Curve
from smartident_client.keystore import Account
from smartident_client.pairing import BY_DEVICE, BY_ENROLMENT_CODE, Enrolment
from smartident_client.phone import Phone
from smartident_client.statement import LOGIN, Pending
from smartident_client.wire import Refused

app = typer.Typer(help="A simulated phone: speaks only the API and keeps its keys in a file.", no_args_is_help=True)


@app.command()
def register(
    *,
    identifier: Annotated[str, typer.Option(help="Access number or e-mail; asked for when missing.")] = "",
    name: Annotated[str, typer.Option(help="What the phone is called in the list of devices.")] = "Simuliertes Telefon",
    curve: Annotated[Curve, typer.Option(help="The device key's curve.")] = "P-256",
    by_code: Annotated[
        bool, typer.Option("--enrolment-code", help="By the operator's code, without password and SMS.")
    ] = False,
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Set up a new account: password, then the SMS code or a phone that the account has; or an enrolment code."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        identifier = identifier or terminal.ask("ask_identifier")
        secret = terminal.ask_secret("ask_enrolment_code" if by_code else "ask_password")
        password, code = ("", secret) if by_code else (secret, "")
        enrolment = phone.register(identifier, password, enrolment_code=code, device_name=name, curve=curve)
        if enrolment.registration.confirm_by == BY_ENROLMENT_CODE:
            account = phone.verify(enrolment)
        elif enrolment.registration.confirm_by == BY_DEVICE:
            account = wait_to_be_let_in(phone, enrolment, terminal)
        else:
            terminal.say("sms_sent", phone_hint=enrolment.registration.phone_hint)
            account = _verify(phone, enrolment, terminal)
        _say_registered(account, terminal)


@app.command()
def approvals(
    *,
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Show what waits under "Freigabe", for all accounts."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        new_devices, waiting = phone.new_devices(), phone.approvals()
        for new_device in new_devices:
            show_new_device(new_device, terminal, now=phone.now())
        for pending in waiting:
            show(pending, terminal, now=phone.now())
        if not waiting and not new_devices:
            terminal.say("no_approvals" if phone.accounts() else "no_account")
        shown = [*map(members_of, new_devices), *map(_members, waiting)]
        terminal.answer(approvals=shown)


@app.command()
def approve(
    login_id: Annotated[str, typer.Argument(help="Id of the request, or its start; not needed for the only one.")] = "",
    *,
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Show a request, take the transfer code and the fingerprint, and approve."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        pending = _chosen(phone, login_id, terminal)
        show(pending, terminal, now=phone.now())
        if pending.statement.purpose != LOGIN:
            terminal.give_up("purpose_other", purpose=pending.statement.purpose)
        code = terminal.ask("ask_transfer_code") if pending.request.transfer_code_digits else ""
        if not terminal.confirm("ask_fingerprint"):
            terminal.give_up("not_approved")
        decided = phone.approve(pending, code)
        terminal.say("approved")
        terminal.answer(login_id=pending.request.login_id, status=decided.status)


@app.command()
def deny(
    login_id: Annotated[str, typer.Argument(help="Id of the request, or its start; not needed for the only one.")] = "",
    *,
    not_me: Annotated[bool, typer.Option("--not-me", help='"Das war ich nicht": report it.')] = False,
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Decline a request."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        pending = _chosen(phone, login_id, terminal)
        decided = phone.deny(pending, "not_me" if not_me else "changed_my_mind")
        terminal.say("denied_not_me" if not_me else "denied")
        terminal.answer(login_id=pending.request.login_id, status=decided.status)


app.command()(let_in)
app.command()(devices)
app.command(context_settings=NAMES_MAY_BEGIN_WITH_A_DASH)(rename)
app.command(context_settings=NAMES_MAY_BEGIN_WITH_A_DASH)(revoke)
app.command()(events)
app.command()(freeze)
app.command("open")(open_)


def _verify(phone: Phone, enrolment: Enrolment, terminal: Terminal) -> Account:
    while True:
        code = terminal.ask("ask_code")
        try:
            if code:
                return phone.verify(enrolment, code)
            enrolment = phone.resend(enrolment)
            terminal.say("sms_sent", phone_hint=enrolment.registration.phone_hint)
        except Refused as refused:
            if refused.code not in {"code_wrong", "too_many_attempts"}:
                raise
            say_refusal(terminal, refused)


def _say_registered(account: Account, terminal: Terminal) -> None:
    terminal.say("registered", access_number=account.access_number, display_name=account.display_name)
    terminal.answer(
        access_number=account.access_number,
        display_name=account.display_name,
        account_id=account.account_id,
        device_id=account.device_id,
    )


def _members(pending: Pending) -> dict[str, object]:
    """A request as a program reads it: what the person would be shown, and until when it waits."""
    shown: dict[str, object] = msgspec.to_builtins(pending.statement)
    return {**shown, "expires_at": pending.request.expires_at}


def _chosen(phone: Phone, start: str, terminal: Terminal) -> Pending:
    if not phone.accounts():
        terminal.give_up("no_account")
    waiting = [pending for pending in phone.approvals() if pending.request.login_id.startswith(start)]
    exact = [pending for pending in waiting if pending.request.login_id == start]
    if not waiting:
        terminal.give_up("no_such_approval")
    return (exact or waiting)[0] if len(exact or waiting) == 1 else terminal.give_up("which_login")
