"""`smartident account revoke-recovery-codes`: no code on paper lets anybody in any more."""

from smartident.admin.two_factor import revoke_recovery_codes as revoke_codes
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption


def revoke_recovery_codes(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Let no recovery code of an account count any more; the person is told and makes new ones in the app."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        account = the_account(who, terminal)
        revoke_codes(account.id, operator=operator_name(deployment), now=clock.now())
        terminal.say("codes_revoked", number=account.number)
        terminal.answer(access_number=account.number, recovery_codes_left=0)
