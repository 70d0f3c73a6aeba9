"""`smartident account stop-registration`: a phone that waits in place of a lost one comes in no more."""

import typer

from smartident.enrolment.stop_delay import stop_by_operator
from smartident.errors import RegistrationDecided
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, open_deployment, the_account
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption


def stop_registration(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Stop a new phone that waits in place of a lost one (LostPhoneDelay)."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        account = the_account(who, terminal)
        try:
            stopped = stop_by_operator(account.id, operator=operator_name(deployment), now=clock.now())
        except RegistrationDecided:
            terminal.say("registration_came_in", number=account.number)
            raise typer.Exit(1) from None
        terminal.say("registration_is_stopped" if stopped else "no_registration_waits", number=account.number)
        terminal.answer(access_number=account.number, stopped=stopped)
