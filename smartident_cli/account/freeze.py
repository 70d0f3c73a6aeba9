"""`smartident account freeze|open`: nobody gets in until it is opened; the audit log names the operator."""

from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption


def freeze(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Let nobody into an account: every password counts as wrong, open logins and registrations end."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        account = the_account(who, terminal)
        freeze_account(account.id, operator=operator_name(deployment), now=clock.now())
        terminal.say("account_is_frozen", number=account.number)
        terminal.answer(access_number=account.number, frozen=True)


def open_(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Open a frozen account: password and phones are valid as before."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        account = the_account(who, terminal)
        open_account(account.id, operator=operator_name(deployment), now=clock.now())
        terminal.say("account_is_open", number=account.number)
        terminal.answer(access_number=account.number, frozen=False)
