"""`smartident client change`: what an operator says otherwise of a client of OpenID Connect."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from smartident.clients.changes import ClientNotFound, change_client
from smartident.clients.client import PRIVATE_KEY_JWT, Client, default_client
from smartident_cli.client.login_policy import OtherLoginPolicy
from smartident_cli.client.logout import (
    BackchannelLogoutUri,
    NoBackchannelLogoutUri,
    NoPostLogoutRedirectUris,
    PostLogoutRedirectUris,
    logout_members,
    removed_members,
)
from smartident_cli.client.oauth import IdTokenAlg, KeyFile, valid_id_token_alg, valid_jwks
from smartident_cli.client.shown import members
from smartident_cli.client.validation import valid_client_name, valid_redirect_uris
from smartident_cli.deployment import Deployment
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.invalid_field import InvalidField
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption

MayRefresh = Annotated[
    bool | None, typer.Option("--offline-access/--no-offline-access", help="Whether it may refresh its tokens.")
]
MustProve = Annotated[
    bool | None,
    typer.Option("--require-dpop/--no-require-dpop", help="Whether it must bind its tokens to a key."),
]


OF_OAUTH = {
    "jwks",
    "id_token_alg",
    "offline_access",
    "require_dpop",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
}


def change(
    client_id: Annotated[str, typer.Argument(help="The client's id.")],
    *,
    name: Annotated[str, typer.Option(help="Another name that people know it by.")] = "",
    redirect_uri: Annotated[list[str], typer.Option(help="In place of all present ones; may be repeated.")] = [],  # noqa: B006  typer makes a new one
    keys: KeyFile = None,
    id_token_alg: IdTokenAlg = "",
    offline_access: MayRefresh = None,
    require_dpop: MustProve = None,
    login_policy: OtherLoginPolicy = None,
    post_logout_redirect_uri: PostLogoutRedirectUris = [],  # noqa: B006  as above
    backchannel_logout_uri: BackchannelLogoutUri = "",
    no_post_logout_redirect_uri: NoPostLogoutRedirectUris = False,
    no_backchannel_logout_uri: NoBackchannelLogoutUri = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Change a client within a minute: what is not named stays. --keys replaces all of its keys.

    An account's own login policy may be stricter.
    """
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        if client_id == default_client().id:
            terminal.give_up("policy_of_stack", client=client_id)
        said = {"name": name, "redirect_uri": redirect_uri, "id_token_alg": id_token_alg}
        changes = _changes(said, keys, {"offline_access": offline_access, "require_dpop": require_dpop}, deployment)
        changes |= logout_members(post_logout_redirect_uri, backchannel_logout_uri, uses_oauth=True)
        changes |= removed_members(redirect_uris=no_post_logout_redirect_uri, backchannel_uri=no_backchannel_logout_uri)
        changes |= {} if login_policy is None else {"login_policy": login_policy.value}
        if not changes:
            terminal.give_up("nothing_to_change")
        try:
            client = change_client(
                client_id, lambda found: _changed(found, changes), by=operator_name(deployment), now=clock.now()
            )
        except ClientNotFound:
            terminal.give_up("no_client", client=client_id)
        terminal.say("client_changed", client=client.id)
        if login_policy is not None:
            told = terminal.text(f"policy_{login_policy.value}")
            terminal.say("client_policy_set", client=client.id, policy=told)
        terminal.answer(**members(client))


def _changes(
    said: dict[str, Any], keys: Path | None, switches: dict[str, bool | None], deployment: Deployment
) -> dict[str, Any]:
    """The members that change, each checked as when a client is added; raises InvalidField."""
    changes: dict[str, Any] = {name: value for name, value in switches.items() if value is not None}
    if said["name"]:
        changes["name"] = valid_client_name(said["name"])
    if said["redirect_uri"]:
        changes["redirect_uris"] = valid_redirect_uris(said["redirect_uri"])
    if said["id_token_alg"]:
        changes["id_token_alg"] = valid_id_token_alg(said["id_token_alg"], deployment)
    if keys is not None:
        changes["jwks"] = valid_jwks(keys)
    return changes


def _changed(client: Client, changes: dict[str, Any]) -> Client:
    if "jwks" in changes and client.auth_method != PRIVATE_KEY_JWT:
        raise InvalidField("keys", "keys_unfit")
    if not client.uses_oauth and changes.keys() & OF_OAUTH:
        raise InvalidField("auth", "not_of_oauth")
    return replace(client, **changes)
