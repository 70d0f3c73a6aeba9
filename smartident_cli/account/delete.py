"""`smartident account delete`: an account and everything about it, for good."""

from typing import Annotated

import typer

from smartident.accounts.names import accounts_named, find_accounts
from smartident.admin.erase import erase_account
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.options import AsJson, LanguageOption, Yes
from smartident_cli.validation import valid_number


def delete(
    number: Annotated[str, typer.Argument(help="Access number.")],
    *,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Delete an account and everything about it, for good (GDPR article 17). Broken off, it goes on when run again."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, _):
        found = [] if "@" in number else find_accounts(number)
        if not found:
            terminal.give_up("nobody", who=number)
        account = next(iter(accounts_named(number)), None)
        name = account.display_name if account is not None else "?"
        if not yes and not terminal.confirm("confirm_delete", default=False, number=number, name=name):
            terminal.give_up("kept")
        rows = erase_account(found[0], number=valid_number(number), email=account.email if account else None)
        terminal.say("deleted", number=number, rows=rows)
        terminal.answer(access_number=valid_number(number), deleted_rows=rows)
