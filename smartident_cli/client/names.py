"""What becomes of the names by which a client knows accounts (external ids) when it is removed."""

from smartident.admin.change import forget_names_of_client
from smartident.clients.changes import ClientNotFound, add_client, remove_client, show_client
from smartident.clients.client import Client


def add_without_names(client: Client, *, by: str, now: int) -> Client:
    """Add a client that knows nobody yet: where the removal of one of its id was broken off, names may be left."""
    if not _is_active(client.id):
        forget_names_of_client(client.id, now=now)
    return add_client(client, by=by, now=now)


def remove_with_names(client_id: str, *, by: str, now: int) -> Client:
    """Remove a client with its names: a later client of this id must not hear them. Broken off, it goes on."""
    try:
        removed = remove_client(client_id, by=by, now=now)
    except ClientNotFound:
        forget_names_of_client(client_id, now=now)
        raise
    forget_names_of_client(client_id, now=now)
    return removed


def _is_active(client_id: str) -> bool:
    try:
        return show_client(client_id).active
    except ClientNotFound:
        return False
