"""`smartident account renew`: after a restore, every account begins its next grant epoch."""

import typer

from smartident.accounts.account import AccountNotFound
from smartident.accounts.names import scan_accounts
from smartident.admin.renew import renew_grants
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.options import AsJson, LanguageOption


def renew(
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Renew what every account grants, after the table was restored: devices stay, whatever is open ends.

    Exit code 1 if an account does not fit its MAC.
    """
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        renewed, refused = 0, []
        for account, _place in scan_accounts():
            try:
                renew_grants(account.id, now=clock.now())
                renewed += 1
            except AccountNotFound:
                refused.append(account.number)
                terminal.say("renewal_refused", number=account.number)
        terminal.say("renewed", accounts=renewed)
        terminal.answer(renewed=renewed, refused=refused)
        if refused:
            raise typer.Exit(1)
