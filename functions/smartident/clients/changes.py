"""How an operator adds and removes clients. A removed client's item stays, with who removed it and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smartident.clients.client import (
    ACTIVE,
    REMOVED,
    SECRET_METHODS,
    Client,
    ClientRow,
    client_mac,
    client_of,
    default_client,
    is_own,
    read_row,
    read_rows,
)
from smartident.clients.client_secret import client_secret_mac, new_client_secret
from smartident.errors import InvalidRequest
from smartident.storage import client_keys
from smartident.storage.operations import Again, Update
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.storage.operations import FailedConditions


class ClientNotFound(Exception):  # noqa: N818  what is missing is named
    """There is no such client, or it was removed before."""


def list_clients() -> list[Client]:
    """The template's client, and those of the table, the removed ones included."""
    return [default_client(), *map(client_of, read_rows())]


def show_client(client_id: str) -> Client:
    """One client, whether active or removed; raises ClientNotFound."""
    own = default_client()
    row = read_row(client_id)
    if client_id == own.id:
        return own
    if row is None:
        raise ClientNotFound
    return client_of(row)


def add_client(client: Client, *, by: str, now: int) -> Client:
    """A new client, or a removed one once more; raises InvalidRequest if the id is taken."""
    client = replace(client, state=ACTIVE, changed_by=by, changed_at=now)
    if client.id == default_client().id:
        raise InvalidRequest(field="client_id")

    def on_conflict(_: FailedConditions) -> None:
        raise InvalidRequest(field="client_id")

    free = ClientRow.pk.does_not_exist() | (ClientRow.state == REMOVED)
    write(_written(client, free), on_conflict=on_conflict)
    return client


def rotate_secret(client_id: str, *, by: str, now: int) -> tuple[Client, str]:
    """A client and its new secret: the one before holds a minute longer at most. Raises ClientNotFound."""
    secret = new_client_secret()

    def rotated(client: Client) -> Client:
        if client.auth_method not in SECRET_METHODS:
            raise ClientNotFound
        return replace(client, secret_mac=client_secret_mac(client_id, secret))

    return change_client(client_id, rotated, by=by, now=now), secret


def change_client(client_id: str, changed: Callable[[Client], Client], *, by: str, now: int) -> Client:
    """A client as `changed` says, within a minute; raises ClientNotFound if it is not active, or not of our writing."""

    def attempt(_: None) -> Client | Again[None]:
        row = read_row(client_id)
        # What somebody without the pepper wrote gets no MAC by an operator's change.
        if row is None or not is_own(row) or row.state != ACTIVE:
            raise ClientNotFound
        client = replace(changed(client_of(row)), changed_by=by, changed_at=now)
        again = write(_written(client, ClientRow.mac == row.mac), on_conflict=lambda _: Again(None))
        return client if again is None else again

    return retry(attempt, None)


def remove_client(client_id: str, *, by: str, now: int) -> Client:
    """A client to which nobody logs in any more, within a minute; raises ClientNotFound."""
    row = read_row(client_id)
    if row is None:
        raise ClientNotFound
    removed = replace(client_of(row), state=REMOVED, changed_by=by, changed_at=now)

    def on_conflict(_: FailedConditions) -> None:
        raise ClientNotFound

    write(_written(removed, ClientRow.state == ACTIVE), on_conflict=on_conflict)
    return removed


def _written(client: Client, condition: object) -> Update:
    mac = client_mac(client)
    actions: list[Any] = [
        ClientRow.kind.set(ClientRow),
        ClientRow.state.set(client.state),
        ClientRow.name.set(client.name),
        ClientRow.origins.set(" ".join(client.origins)),
        ClientRow.redirect_uris.set(" ".join(client.redirect_uris)),
        ClientRow.changed_by.set(client.changed_by),
        ClientRow.changed_at.set(client.changed_at),
        ClientRow.mac.set(mac),
        *_set_or_removed(ClientRow.auth_method, client.auth_method),
        *_set_or_removed(ClientRow.secret_mac, client.secret_mac),
        *_set_or_removed(ClientRow.jwks, client.jwks),
        ClientRow.offline_access.set(client.offline_access),
        ClientRow.require_dpop.set(client.require_dpop),
        ClientRow.id_token_alg.set(client.id_token_alg),
        *_set_or_removed(ClientRow.post_logout_redirect_uris, " ".join(client.post_logout_redirect_uris) or None),
        *_set_or_removed(ClientRow.backchannel_logout_uri, client.backchannel_logout_uri),
        *_set_or_removed(ClientRow.backchannel, str(client.backchannel) if client.backchannel else None),
        *_set_or_removed(ClientRow.login_policy, client.login_policy),
    ]
    row = ClientRow(*client_keys.client(client.id))
    return Update(row, actions, condition, is_own=lambda found: found.mac == mac)


def _set_or_removed(attribute: Any, value: str | None) -> list[Any]:
    return [attribute.remove() if value is None else attribute.set(value)]
