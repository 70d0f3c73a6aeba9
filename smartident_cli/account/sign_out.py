"""`smartident account sign-out`: nobody is signed in any more, in whatever browser and at whatever client."""

from smartident.sign_out.everywhere import sign_out_everywhere
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.options import AsJson, LanguageOption


def sign_out(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """End all sessions of an account at other applications, with their tokens; its phones and its password stay."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, _):
        account = the_account(who, terminal)
        sign_out_everywhere(account.id, by=None, now=clock.now())
        terminal.say("account_is_signed_out", number=account.number)
        terminal.answer(access_number=account.number, signed_out=True)
