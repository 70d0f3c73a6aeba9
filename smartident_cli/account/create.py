"""`smartident account create`: one new account."""

from functools import partial
from typing import Annotated

import typer

from smartident.admin.create import create_account
from smartident.errors import InvalidRequest
from smartident_cli.account.external_ids import valid_external_ids
from smartident_cli.account.questions import new_password, note_country, note_shared_email
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.phone_numbers import REGION, valid_phone
from smartident_cli.validation import valid_email, valid_language, valid_name, valid_number

ExternalIds = Annotated[
    list[str], typer.Option("--external-id", help="CLIENT=NAME: the name by which a client knows it; may be repeated.")
]


def create(
    number: Annotated[str, typer.Argument(help="Access number.")],
    name: Annotated[str, typer.Option(help="Name that the app shows.")],
    *,
    email: Annotated[str, typer.Option(help="E-mail, which may stand for several accounts.")] = "",
    phone: Annotated[str, typer.Option(help="Phone number for the SMS.")] = "",
    region: Annotated[str, typer.Option(help="Country of a phone number without country code.")] = REGION,
    told_in: Annotated[str, typer.Option(help="Language of the notices: de or en.")] = "de",
    two_factor: Annotated[bool, typer.Option(help="Whether a login waits for the app.")] = True,
    external_id: ExternalIds = [],  # noqa: B006  typer makes a new one
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Create an account; its password is asked for, or read from a pipe."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        names = valid_external_ids(external_id)
        try:
            # What does not fit is said before anybody types a password twice.
            create_named = partial(
                create_account,
                valid_number(number),
                display_name=valid_name(name),
                email=valid_email(email),
                phone=valid_phone(phone, region),
                two_factor=two_factor,
                language=valid_language(told_in),
                external_ids=names,
            )
            password = new_password(terminal, "new_password", alone=not two_factor)
            account = create_named(password, now=clock.now())
        except InvalidRequest as taken:
            if taken.details["field"] == "external_id":
                terminal.give_up("external_ids_taken")
            terminal.give_up("taken", number=number)
        terminal.say("created", number=account.number)
        found = note_shared_email(account.id, account.email, terminal)
        terminal.answer(access_number=account.number, account_id=account.id, found_by_email=found)
        note_country(account.phone, terminal)
