"""`smartident account export`: everything about an account, for the person it is about."""

from pathlib import Path
from typing import Annotated

import typer

from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.export_file import AccountInUse, write_export
from smartident_cli.options import AsJson, LanguageOption, Yes


def export(
    who: Who,
    file: Annotated[Path, typer.Argument(help="JSON Lines file to write; only its owner may read it.")],
    *,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Write everything about an account into a file, nothing secret in it (GDPR article 15)."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        if not yes and file.is_file() and not terminal.confirm("confirm_replace", default=False, file=file):
            terminal.give_up("kept")
        try:
            rows = write_export(account, file, now=clock.now(), replace=file.is_file())
        except AccountInUse:
            terminal.give_up("in_use", number=account.number)
        terminal.say("exported", rows=rows, number=account.number, file=file)
        terminal.answer(access_number=account.number, file=str(file), rows=rows)
