"""`smartident phone`: the app at the terminal, one command for each thing a person does in it."""

from typing import Annotated

import typer

from console.approval_view import show
from console.device_commands import devices, events, rename, revoke
from console.keys import Curve
from console.phone import Enrolment, Phone
from console.phone_options import (
    DEFAULT_FILE,
    File,
    Speech,
    Url,
    give_up,
    phone_in_hand,
    the_one,
)
from console.statement import LOGIN, Pending
from console.voice import Voice, say_refusal
from console.wire import Refused

app = typer.Typer(help="A simulated phone: speaks only the API and keeps its keys in a file.", no_args_is_help=True)


@app.command()
def register(
    *,
    identifier: Annotated[str, typer.Option(help="Account number or e-mail; asked for when missing.")] = "",
    name: Annotated[str, typer.Option(help="What the phone is called in the list of devices.")] = "Simuliertes Telefon",
    curve: Annotated[Curve, typer.Option(help="The device key's curve.")] = "P-256",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: Speech = "de",
) -> None:
    """Set up a new account: password, SMS code, done."""
    with phone_in_hand(url, file, language) as (phone, voice):
        identifier = identifier or voice.ask("ask_identifier")
        password = voice.ask_secret("ask_password")
        enrolment = phone.register(identifier, password, device_name=name, curve=curve)
        voice.say("sms_sent", phone_hint=enrolment.registration.phone_hint)
        _verify(phone, enrolment, voice)


@app.command()
def approvals(url: Url = "", file: File = DEFAULT_FILE, language: Speech = "de") -> None:
    """Show what waits under "Freigabe", for all accounts."""
    with phone_in_hand(url, file, language) as (phone, voice):
        waiting = phone.approvals()
        for pending in waiting:
            show(pending, voice, now=phone.now())
        if not waiting:
            voice.say("no_approvals" if phone.accounts() else "no_account")


@app.command()
def approve(
    login_id: Annotated[str, typer.Argument(help="Id of the request, or its start; not needed for the only one.")] = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: Speech = "de",
) -> None:
    """Show a request, take the transfer code and the fingerprint, and approve."""
    with phone_in_hand(url, file, language) as (phone, voice):
        pending = _chosen(phone, login_id, voice)
        show(pending, voice, now=phone.now())
        if pending.statement.purpose != LOGIN:
            give_up(voice, "purpose_other", purpose=pending.statement.purpose)
        code = voice.ask("ask_transfer_code") if pending.request.transfer_code_digits else ""
        if not voice.confirm("ask_fingerprint"):
            give_up(voice, "not_approved")
        phone.approve(pending, code)
        voice.say("approved")


@app.command()
def deny(
    login_id: Annotated[str, typer.Argument(help="Id of the request, or its start; not needed for the only one.")] = "",
    *,
    not_me: Annotated[bool, typer.Option("--not-me", help='"Das war ich nicht": report it.')] = False,
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: Speech = "de",
) -> None:
    """Decline a request."""
    with phone_in_hand(url, file, language) as (phone, voice):
        pending = _chosen(phone, login_id, voice)
        phone.deny(pending, "not_me" if not_me else "changed_my_mind")
        voice.say("denied_not_me" if not_me else "denied")


for command in (devices, rename, revoke, events):
    app.command()(command)


def _verify(phone: Phone, enrolment: Enrolment, voice: Voice) -> None:
    while True:
        code = voice.ask("ask_code")
        try:
            if code:
                account = phone.verify(enrolment, code)
                break
            enrolment = phone.resend(enrolment)
            voice.say("sms_sent", phone_hint=enrolment.registration.phone_hint)
        except Refused as refused:
            if refused.code not in {"code_wrong", "too_many_attempts"}:
                raise
            say_refusal(voice, refused)
    voice.say("registered", access_number=account.access_number, display_name=account.display_name)


def _chosen(phone: Phone, start: str, voice: Voice) -> Pending:
    pending = the_one(phone.approvals(), start, name=lambda pending: pending.request.login_id)
    return pending or give_up(voice, "which_login")
