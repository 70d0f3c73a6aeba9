"""`smartident account set-…|two-factor|unlock|…`: what an operator changes; the owner reads of it in the history."""

from enum import StrEnum
from typing import Annotated

import typer

from smartident.admin import unlock as unlocking
from smartident.admin.change import (
    ExternalIdTaken,
    change_email,
    change_external_id,
    change_language,
    change_password,
    change_phone,
)
from smartident.admin.two_factor import switch_two_factor
from smartident_cli.account.external_ids import valid_external_id
from smartident_cli.account.questions import new_password, note_country, note_shared_email
from smartident_cli.client.validation import known_client
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.invalid_field import InvalidField
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.phone_numbers import REGION, valid_phone
from smartident_cli.validation import valid_email, valid_language


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


def set_password(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Set a new password, asked for or read from a pipe; what was begun with the old one ends."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        password = new_password(terminal, "changed_password", alone=not account.two_factor)
        change_password(account.id, password, now=clock.now())
        terminal.say("password_set", number=account.number)
        terminal.answer(access_number=account.number, changed="password")


def set_phone(
    who: Who,
    phone: Annotated[str, typer.Argument(help='Phone number for the SMS; "" for none.')],
    *,
    region: Annotated[str, typer.Option(help="Country of a phone number without country code.")] = REGION,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Set the number that SMS go to; registrations whose code went to the old one end, phones stay registered."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        number = valid_phone(phone, region)
        if number is None and phone:
            raise InvalidField("phone", "phone_unfit")
        change_phone(account.id, number, now=clock.now())
        terminal.say("phone_set" if number else "phone_removed", number=account.number, phone=number)
        terminal.answer(access_number=account.number, phone=number)
        note_country(number, terminal)


def set_email(
    who: Who,
    email: Annotated[str, typer.Argument(help='E-mail; "" for none.')],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Set the e-mail that the account is found by, or none."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        spelled = valid_email(email)
        change_email(account.id, spelled, now=clock.now())
        terminal.say("email_set", number=account.number, email=spelled or terminal.text("none"))
        found = note_shared_email(account.id, spelled, terminal)
        terminal.answer(access_number=account.number, email=spelled, found_by_email=found)


def set_language(
    who: Who,
    told_in: Annotated[str, typer.Argument(help="de or en.")],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Set the language in which the owner is told what happens to the account."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, _deployment):
        account = the_account(who, terminal)
        chosen = valid_language(told_in)
        change_language(account.id, chosen)
        terminal.say("language_set", number=account.number, told_in=chosen)
        terminal.answer(access_number=account.number, language=chosen)


def set_external_id(
    who: Who,
    client_id: Annotated[str, typer.Argument(help="The client that knows the account by this name.")],
    external_id: Annotated[str, typer.Argument(help='Its name for the account; "" for none.')],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Set the name by which a client knows the account: `external_id` in its tokens, and in no other's."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account, client, name = the_account(who, terminal), known_client(client_id), valid_external_id(external_id)
        try:
            change_external_id(account.id, client, name, now=clock.now())
        except ExternalIdTaken:
            terminal.give_up("external_id_taken", client=client, name=name)
        said = {"number": account.number, "client": client}
        terminal.say("external_id_set", **said, name=name or terminal.text("none"))
        terminal.answer(access_number=account.number, account_id=account.id, client_id=client, external_id=name)


def two_factor(
    who: Who,
    switch: Annotated[Switch, typer.Argument(help="Whether a login waits for the app.")],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Switch two-factor login of an account on or off; its owner sees it in the history."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        switch_two_factor(account.id, on=switch is Switch.ON, now=clock.now())
        terminal.say("switched", number=account.number, state=terminal.text(f"{switch.value}_"))
        terminal.answer(access_number=account.number, two_factor=switch is Switch.ON)


def unlock(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Forget all that keeps anybody from logging in to an account: failed attempts, lockouts, blocks and waits."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        unlocking.unlock(account.id, now=clock.now())
        terminal.say("unlocked", number=account.number)
        terminal.answer(access_number=account.number, unlocked=True)


def forget_browsers(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Trust no browser any more that was trusted until now: its tries count like those of any stranger."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        unlocking.forget_browsers(account.id, now=clock.now())
        terminal.say("browsers_forgotten", number=account.number)
        terminal.answer(access_number=account.number, browsers_forgotten=True)
