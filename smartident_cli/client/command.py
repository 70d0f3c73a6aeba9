"""`smartident client …`: the applications that people log in to, each with its own pages."""

from typing import Annotated

import typer

from smartident.clients.changes import (
    ClientNotFound,
    list_clients,
    rotate_secret,
    show_client,
)
from smartident.clients.client import Client, default_client
from smartident.crypto.algorithms import ES256
from smartident.errors import InvalidRequest
from smartident.settings import settings
from smartident_cli.client.change import change
from smartident_cli.client.ciba import set_ciba
from smartident_cli.client.login_policy import LoginPolicy
from smartident_cli.client.logout import BackchannelLogoutUri, PostLogoutRedirectUris, logout_members
from smartident_cli.client.names import add_without_names, remove_with_names
from smartident_cli.client.oauth import (
    AuthMethod,
    IdTokenAlg,
    KeyFile,
    OfflineAccess,
    RequireDpop,
    credentials,
    origins_or_login_page,
    valid_id_token_alg,
)
from smartident_cli.client.shown import members, print_client, say_secret, secret_member, state
from smartident_cli.client.validation import valid_client_id, valid_client_name, valid_origins, valid_redirect_uris
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.login_policy import Policy
from smartident_cli.operator_name import operator_name
from smartident_cli.options import AsJson, LanguageOption, Yes
from smartident_cli.terminal import Terminal, plain

app = typer.Typer(
    help="Clients: the applications that people log in to, each with its own pages.", no_args_is_help=True
)

app.command()(change)
app.command()(set_ciba)
ClientId = Annotated[str, typer.Argument(help="The client's id, which its page names at a login.")]


@app.command()
def add(
    client_id: ClientId,
    name: Annotated[str, typer.Option(help="Name that people know it by.")],
    redirect_uri: Annotated[
        list[str], typer.Option(help="Where people go after they signed in: the first one given; may be repeated.")
    ],
    origin: Annotated[
        list[str], typer.Option(help="Origin of a page that may log in to it; may be repeated. With --auth: your own.")
    ] = [],  # noqa: B006  typer makes a new one
    *,
    auth: AuthMethod = "",
    keys: KeyFile = None,
    offline_access: OfflineAccess = False,
    require_dpop: RequireDpop = False,
    login_policy: LoginPolicy = Policy.PHONE_OR_PASSKEY,
    id_token_alg: IdTokenAlg = ES256,
    post_logout_redirect_uri: PostLogoutRedirectUris = [],  # noqa: B006  as above
    backchannel_logout_uri: BackchannelLogoutUri = "",
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Add a client. A page of another client's cannot log in to it, nor its own page to another."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        proof, secret = credentials(client_id, auth, keys)
        client = Client(
            valid_client_id(client_id),
            valid_client_name(name),
            valid_origins(origins_or_login_page(origin, auth)),
            valid_redirect_uris(redirect_uri),
            **proof,
            offline_access=offline_access,
            require_dpop=require_dpop,
            login_policy=login_policy.value,
            id_token_alg=valid_id_token_alg(id_token_alg, deployment),
            **logout_members(post_logout_redirect_uri, backchannel_logout_uri, uses_oauth=bool(auth)),
        )
        try:
            client = add_without_names(client, by=operator_name(deployment), now=clock.now())
        except InvalidRequest:
            terminal.give_up("client_taken", client=client_id)
        terminal.say("client_added", client=client.id)
        say_secret(secret, terminal)
        outside = [one for one in client.origins if one not in settings().allowed_origins]
        for one in outside:
            terminal.complain("origin_not_allowed", origin=one)
        terminal.answer(**members(client), **secret_member(secret), origins_not_allowed=outside)


@app.command("rotate-secret")
def rotate(
    client_id: ClientId,
    *,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Give a client a new secret; within a minute the one before is worth nothing."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        _agree("confirm_rotate_secret", client_id, terminal, missing="no_client_with_secret", yes=yes)
        try:
            client, secret = rotate_secret(client_id, by=operator_name(deployment), now=clock.now())
        except ClientNotFound:
            terminal.give_up("no_client_with_secret", client=client_id)
        say_secret(secret, terminal)
        terminal.answer(**members(client), **secret_member(secret))


@app.command("list")
def list_(
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """List the clients: first the one of the template's parameters, then the others, the removed ones included."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, _):
        clients = list_clients()
        table = terminal.table("client", "name", "state", "origins_of_client", "redirect_uris")
        for client in clients:
            told = (client.id, client.name, state(client, terminal), " ".join(client.origins))
            table.add_row(*map(plain, (*told, " ".join(client.redirect_uris))))
        terminal.console.print(table)
        terminal.answer(clients=[members(client) for client in clients])


@app.command()
def show(
    client_id: ClientId,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Show a client, and who changed it last."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, _):
        try:
            client = show_client(client_id)
        except ClientNotFound:
            terminal.give_up("no_client", client=client_id)
        print_client(client, terminal)
        terminal.answer(**members(client))


@app.command()
def remove(
    client_id: ClientId,
    *,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Remove a client: within a minute nobody logs in to it any more, and logins to it that still wait fail."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        if client_id == default_client().id:
            terminal.give_up("client_of_stack", client=client_id)
        _agree("confirm_remove_client", client_id, terminal, missing="no_client", yes=yes)
        try:
            client = remove_with_names(client_id, by=operator_name(deployment), now=clock.now())
        except ClientNotFound:
            terminal.give_up("no_client", client=client_id)
        terminal.say("client_removed", client=client.id)
        terminal.answer(**members(client))


def _agree(sentence: str, client_id: str, terminal: Terminal, *, missing: str, yes: bool) -> None:
    """Give up where there is no such client, before anybody is asked, or where the operator says no."""
    try:
        show_client(client_id)
    except ClientNotFound:
        terminal.give_up(missing, client=client_id)
    if not yes and not terminal.confirm(sentence, default=False, client=client_id):
        terminal.give_up("kept")
