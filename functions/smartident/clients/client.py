"""Clients: the applications that log people in, each with its own pages, and where its people go after they signed in.

One client needs no item: the operator's own, from the template's parameters. Every other is an item with a MAC under
the pepper over all of it, so that who can only write the table lets no page in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine
from smartident.settings import settings
from smartident.storage import keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTIVE, REMOVED = "active", "removed"


class AuthenticationRequest(NamedTuple):
    """What a client asks a login for (OpenID Connect Core 3.1.2.1)."""

    client_id: str
    nonce: str | None = None


class ClientRow(Row, discriminator="client"):
    """`CLIENTS` | `CLIENT#<client_id>`: origins and redirect URIs are parted by blanks, as they contain none."""

    state = UnicodeAttribute()
    name = UnicodeAttribute()
    origins = UnicodeAttribute()
    redirect_uris = UnicodeAttribute()
    # Which operator changed it last, and when.
    changed_by = UnicodeAttribute()
    changed_at = NumberAttribute()
    mac = UnicodeAttribute()


@dataclass(frozen=True)
class Client:
    """An application that logs people in. Of the template's own, nobody is known who changed it."""

    id: str
    name: str
    origins: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    state: str = ACTIVE
    changed_by: str = ""
    changed_at: int = 0

    @property
    def redirect_to(self) -> str:
        """Where people go after they signed in."""
        return self.redirect_uris[0]

    @property
    def active(self) -> bool:
        """Whether people may log in to it."""
        return self.state == ACTIVE


def default_client() -> Client:
    """The client of the template's parameters."""
    own = settings()
    return Client(own.client_id, own.client_name, own.client_origins, (own.client_redirect_uri,))


def client_mac(client: Client) -> str:
    """The MAC of a client over all of it, its state included."""
    change = (client.changed_by, client.changed_at)
    return grant_mac("client", client.id, client.state, client.name, client.origins, client.redirect_uris, *change)


def client_of(row: ClientRow) -> Client:
    """The client that a row holds; `is_own` says who wrote the row."""
    return Client(
        id=keys.client_id(row.sk),
        name=row.name,
        origins=tuple(row.origins.split()),
        redirect_uris=tuple(row.redirect_uris.split()),
        state=row.state,
        changed_by=row.changed_by,
        changed_at=int(row.changed_at),
    )


def is_own(row: ClientRow) -> bool:
    """Whether our own code has written the row as it is."""
    return is_genuine(row.mac, client_mac(client_of(row)))


def read_row(client_id: str) -> ClientRow | None:
    """A client's row as it stands now, or None."""
    try:
        return ClientRow.get(*keys.client(client_id), consistent_read=True)
    except ClientRow.DoesNotExist:
        return None


def read_rows() -> Iterator[ClientRow]:
    """The rows of all clients, by their ids."""
    return ClientRow.query(keys.client("").pk, consistent_read=True)
