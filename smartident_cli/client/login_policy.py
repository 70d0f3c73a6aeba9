"""`smartident client change`: what people may log in to a client with."""

from typing import Annotated

import typer

from smartident.clients.changes import ClientNotFound, change_login_policy
from smartident.clients.client import default_client
from smartident_cli.client.shown import members
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.login_policy import Policy
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption

LoginPolicy = Annotated[
    Policy, typer.Option("--login-policy", help="What its people log in with; the stricter of this and theirs.")
]


def change(
    client_id: Annotated[str, typer.Argument(help="The client's id, which its page names at a login.")],
    login_policy: LoginPolicy,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Change what people may log in to a client with, within a minute. An account's own policy may be stricter."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        if client_id == default_client().id:
            terminal.give_up("policy_of_stack", client=client_id)
        try:
            client = change_login_policy(client_id, login_policy.value, by=operator_name(deployment), now=clock.now())
        except ClientNotFound:
            terminal.give_up("no_client", client=client_id)
        told = terminal.text(f"policy_{login_policy.value}")
        terminal.say("client_policy_set", client=client.id, policy=told)
        terminal.answer(**members(client))
