"""`smartident sender …`: the sender IDs of the SMS, as far as SNS must be let use them."""

import json
from typing import Annotated, Any

import typer

from smartident.aws import client
from smartident.notify.sms import sender_of
from smartident.settings import settings
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.options import AsJson, LanguageOption, Yes
from smartident_cli.sender.policy import opened_to_sns, opens_to_sns, read_policy
from smartident_cli.terminal import Terminal

app = typer.Typer(help="Sender IDs of the SMS that countries ask to register.", no_args_is_help=True)
Country = Annotated[str, typer.Argument(help="The country, such as AT (ISO 3166).")]


@app.callback()
def sender() -> None:
    """Make `allow` a word of its own, though it is the only one."""


@app.command()
def allow(
    country: Country,
    *,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Let SNS send under the registered sender ID that the stack uses for a country."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, deployment):
        if deployment.local:
            terminal.give_up("sender_of_stack")
        name = _named(country.upper(), terminal)
        messaging = client("pinpoint-sms-voice-v2")
        arn = registered_arn(messaging, country.upper(), name, terminal)
        policy = read_policy(messaging, arn)
        changed = not opens_to_sns(policy)
        if changed:
            _put(messaging, arn, opened_to_sns(policy, arn), terminal, country=country.upper(), sender=name, yes=yes)
        terminal.say("sender_allowed", sender=name)
        terminal.answer(country=country.upper(), sender=name, arn=arn, changed=changed)


def registered_arn(messaging: Any, country: str, name: str, terminal: Terminal) -> str:
    """Return the ARN of a registered sender ID; gives up on one that is not."""
    try:
        asked = [{"SenderId": name, "IsoCountryCode": country}]
        (found,) = messaging.describe_sender_ids(SenderIds=asked)["SenderIds"]
    except messaging.exceptions.ResourceNotFoundException:
        terminal.give_up("sender_unknown", sender=name, country=country)
    if not found.get("Registered"):
        terminal.give_up("sender_waiting", sender=name, country=country)
    return str(found["SenderIdArn"])


def _named(country: str, terminal: Terminal) -> str:
    name = sender_of(country) if country in settings().sms_countries else ""
    return name or terminal.give_up("sender_none", country=country)


def _put(
    messaging: Any, arn: str, policy: dict[str, Any], terminal: Terminal, *, country: str, sender: str, yes: bool
) -> None:
    text = json.dumps(policy, indent=2)
    terminal.say("sender_shown", sender=sender, country=country)
    terminal.console.print(text, markup=False, soft_wrap=True)
    if not yes and not terminal.confirm("sender_confirm", default=False, sender=sender):
        terminal.give_up("kept")
    messaging.put_resource_policy(ResourceArn=arn, Policy=text)
