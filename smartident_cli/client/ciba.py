"""`smartident client set-ciba`: whether a client may ask phones by itself, how it hears the outcome, and how often."""

from dataclasses import replace
from typing import Annotated

import typer

from smartident.clients.backchannel import (
    DEFAULT_PENDING,
    DEFAULT_PER_HOUR,
    DELIVERY_MODES,
    MAX_PENDING,
    MAX_PER_HOUR,
    PING,
    Backchannel,
)
from smartident.clients.changes import ClientNotFound, change_client
from smartident.clients.client import NONE, Client, default_client
from smartident.outbound.address import AddressRefused, target_of
from smartident_cli.client.shown import members
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.invalid_field import InvalidField
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption

OFF = "off"


def set_ciba(
    client_id: Annotated[str, typer.Argument(help="The client's id.")],
    delivery: Annotated[str, typer.Argument(help="poll: it asks for the outcome; ping: it is told to ask; or off.")],
    *,
    ping_endpoint: Annotated[str, typer.Option(help="With ping: where it hears that it may ask.")] = "",
    pending: Annotated[
        int, typer.Option(min=1, max=MAX_PENDING, help="Requests that may wait at one account.")
    ] = DEFAULT_PENDING,
    per_hour: Annotated[
        int, typer.Option(min=1, max=MAX_PER_HOUR, help="Requests an hour, all accounts together.")
    ] = DEFAULT_PER_HOUR,
    tells_unknown_user: Annotated[
        bool, typer.Option("--tells-unknown-user", help="It is told that nobody can answer, so it learns who can.")
    ] = False,
    issues_enrolment_codes: Annotated[
        bool,
        typer.Option("--issues-enrolment-codes", help="It lets in the first phone of accounts that are its alone."),
    ] = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Let a client ask phones by itself (CIBA), or no more. It reaches accounts that have an external_id of it."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        if client_id == default_client().id:
            terminal.give_up("policy_of_stack", client=client_id)
        endpoint = _valid_endpoint(delivery, ping_endpoint)
        rights = {"tells_unknown_user": tells_unknown_user, "issues_enrolment_codes": issues_enrolment_codes}
        allowed = None if delivery == OFF else Backchannel(delivery, endpoint, pending, per_hour, **rights)
        try:
            client = change_client(
                client_id, lambda found: _changed(found, allowed), by=operator_name(deployment), now=clock.now()
            )
        except ClientNotFound:
            terminal.give_up("no_client", client=client_id)
        terminal.say("client_changed", client=client.id)
        terminal.answer(**members(client))


def _valid_endpoint(delivery: str, endpoint: str) -> str | None:
    """Where pings go, if the service calls such addresses; raises InvalidField."""
    if delivery not in {*DELIVERY_MODES, OFF}:
        raise InvalidField("delivery", "delivery_unfit")
    if (delivery == PING) != bool(endpoint):
        raise InvalidField("ping_endpoint", "ping_endpoint_unfit")
    try:
        target_of(endpoint or "https://financeapp.example/")
    except AddressRefused:
        raise InvalidField("ping_endpoint", "ping_endpoint_unfit") from None
    return endpoint or None


def _changed(client: Client, allowed: Backchannel | None) -> Client:
    if allowed is not None and client.auth_method in {None, NONE}:
        raise InvalidField("auth", "no_secret_for_ciba")
    return replace(client, backchannel=allowed)
