"""How a client is shown: on the terminal and as JSON."""

from dataclasses import asdict

from smartident.clients.client import Client
from smartident.clients.login_policy import PHONE_OR_PASSKEY
from smartident_cli.terminal import Terminal, plain


def print_client(client: Client, terminal: Terminal) -> None:
    """Print a client, and who changed it last."""
    table = terminal.table()
    table.show_header = False
    for label, values in (
        ("client", [client.id]),
        ("name", [client.name]),
        ("state", [state(client, terminal)]),
        ("origins_of_client", client.origins),
        ("redirect_uris", client.redirect_uris),
        ("auth_method", [client.auth_method or ""]),
        ("ciba", [] if client.backchannel is None else [client.backchannel.delivery]),
        ("login_policy", [terminal.text(f"policy_{policy_of(client)}")]),
        ("post_logout_redirect_uris", client.post_logout_redirect_uris),
        ("backchannel_logout_uri", [client.backchannel_logout_uri or ""]),
        ("changed_by", [client.changed_by or terminal.text("by_deployment")]),
        ("changed_at", [terminal.moment(client.changed_at or None)]),
    ):
        table.add_row(terminal.text(label), "\n".join(map(plain, values)))
    terminal.console.print(table)


def say_secret(secret: str | None, terminal: Terminal) -> None:
    """Print a new secret, the only time."""
    if secret is not None:
        terminal.say("client_secret", secret=secret)


def secret_member(secret: str | None) -> dict[str, object]:
    """A new secret, as --json tells it."""
    return {} if secret is None else {"client_secret": secret}


def state(client: Client, terminal: Terminal) -> str:
    """Whether people may log in to it, in words."""
    return terminal.text("active" if client.active else "client_state_removed")


def policy_of(client: Client) -> str:
    """What its people may log in with, as far as its item says; the stack's parameters say it of their own client."""
    return client.login_policy or PHONE_OR_PASSKEY


def members(client: Client) -> dict[str, object]:
    """A client, as --json tells it."""
    return {
        "client_id": client.id,
        "name": client.name,
        "state": client.state,
        "origins": list(client.origins),
        "redirect_uris": list(client.redirect_uris),
        "auth_method": client.auth_method,
        "offline_access": client.offline_access,
        "require_dpop": client.require_dpop,
        "login_policy": policy_of(client),
        "ciba": None if client.backchannel is None else asdict(client.backchannel),
        "id_token_alg": client.id_token_alg,
        "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
        "backchannel_logout_uri": client.backchannel_logout_uri,
        "changed_by": client.changed_by or None,
        "changed_at": client.changed_at or None,
    }
