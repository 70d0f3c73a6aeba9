"""`smartident account set-login-policy`: what an account may be logged in with, at every client."""

from typing import Annotated

import typer

from smartident.errors import TwoPasskeysRequired
from smartident.passkeys.change_policy import order_login_policy
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.login_policy import Policy
from smartident_cli.options import AsJson, LanguageOption


def set_login_policy(
    who: Who,
    policy: Annotated[Policy, typer.Argument(help="What logs in from now on.")],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Set what an account may be logged in with; looser than passkey_only holds only after the cool-off.

    passkey_only wants two passkeys, or one and recovery codes. The owner is told at once.
    """
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        try:
            starts_at = order_login_policy(account.id, policy.value, now=clock.now())
        except TwoPasskeysRequired:
            terminal.give_up("two_passkeys_missing", number=account.number)
        told, when = terminal.text(f"policy_{policy.value}"), terminal.moment(starts_at)
        terminal.say("login_policy_set", number=account.number, policy=told, when=when)
        terminal.answer(access_number=account.number, login_policy=policy.value, starts_at=starts_at)
