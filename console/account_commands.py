"""`smartident account …`: the accounts of a deployment, one command for each thing an operator does with them."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from console.amend_commands import new_password, note_country, set_email, set_password, set_phone
from console.candidates import REGION, fit_email, fit_name, fit_number, fit_phone
from console.exports import write_export
from console.import_command import import_
from console.operator_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, at_work, the_account
from console.phone_options import Speech, give_up
from console.voice import plain
from smartident.accounts.account import (
    read_account,
)
from smartident.accounts.names import (
    find_accounts,
)
from smartident.admin.create import (
    create_account,
)
from smartident.admin.erase import erase_account
from smartident.admin.two_factor import switch_two_factor
from smartident.admin.unlock import (
    unlock,
)
from smartident.errors import InvalidRequest

app = typer.Typer(help="Accounts of a deployment: create, show, import, export, delete.", no_args_is_help=True)
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


@app.command()
def create(
    number: Annotated[str, typer.Argument(help="Account number.")],
    name: Annotated[str, typer.Option(help="Name that the app shows.")],
    *,
    email: Annotated[str, typer.Option(help="E-mail, which may stand for several accounts.")] = "",
    phone: Annotated[str, typer.Option(help="Phone number for the SMS.")] = "",
    region: Annotated[str, typer.Option(help="Country of a phone number without country code.")] = REGION,
    two_factor: Annotated[bool, typer.Option(help="Whether a login waits for the app.")] = True,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Create an account; its password is asked for, or read from a pipe."""
    with at_work(stack, local, port, language) as (_, voice):
        try:
            password = new_password(voice, "new_password", alone=not two_factor)
            account = create_account(
                fit_number(number),
                password,
                display_name=fit_name(name),
                email=fit_email(email),
                phone=fit_phone(phone, region),
                two_factor=two_factor,
                now=int(time.time()),
            )
        except InvalidRequest:
            give_up(voice, "taken", number=number)
        voice.say("created", number=account.number)
        note_country(account.phone, voice)


@app.command()
def show(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Show an account."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        table = voice.table()
        table.show_header = False
        for label, value in (
            ("number", account.number),
            ("name", account.display_name),
            ("email", account.email),
            ("phone", account.phone),
            ("two_factor", voice.text("on_" if account.two_factor else "off_")),
            ("devices", str(account.devices)),
            ("id", account.id),
        ):
            table.add_row(voice.text(label), plain(value or voice.text("none")))
        voice.console.print(table)


@app.command()
def export(
    who: Who,
    file: Annotated[Path, typer.Argument(help="JSON Lines file to write; only its owner may read it.")],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Write everything about an account into a file, nothing secret in it (GDPR article 15)."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        rows = write_export(account, file, now=int(time.time()))
        voice.say("exported", rows=rows, number=account.number, file=file)


@app.command()
def delete(
    number: Annotated[str, typer.Argument(help="Account number.")],
    *,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Delete an account and everything about it, for good (GDPR article 17). Broken off, it goes on when run again."""
    with at_work(stack, local, port, language) as (_, voice):
        found = [] if "@" in number else find_accounts(number)
        if not found:
            give_up(voice, "nobody", who=number)
        account = read_account(found[0])
        name = account.display_name if account and account.display_name else "?"
        if not yes and not voice.confirm("confirm_delete", default=False, number=number, name=name):
            give_up(voice, "kept")
        rows = erase_account(found[0], number=fit_number(number), email=account.email if account else None)
        voice.say("deleted", number=number, rows=rows)


@app.command()
def unlock(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Forget every failed try and every hold of an account."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        unlock(account.id)
        voice.say("unlocked", number=account.number)


@app.command("two-factor")
def two_factor(
    who: Who,
    switch: Annotated[Switch, typer.Argument(help="Whether a login waits for the app.")],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Switch two-factor login of an account on or off; its owner sees it in the history."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        switch_two_factor(account.id, on=switch is Switch.ON, now=int(time.time()))
        voice.say("switched", number=account.number, state=voice.text(f"{switch.value}_"))


app.command("import")(import_)
app.command("set-password")(set_password)
app.command("set-phone")(set_phone)
app.command("set-email")(set_email)
