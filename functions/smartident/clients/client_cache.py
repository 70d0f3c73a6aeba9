"""The clients that a container knows: the template's own without a read, each other one read at most once a minute."""

from __future__ import annotations

import re
from functools import cache

from smartident.clients.client import Client, client_of, default_client, is_own, read_row
from smartident.crypto.item_mac import report_forged
from smartident.errors import InvalidRequest, OriginRefused
from smartident.settings import settings

CACHE_SECONDS = 60
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def find_client(client_id: str | None, *, now: int) -> Client | None:
    """The active client of this id, the default one without an id; None for any other.

    An item that was not written by our own code counts as none, and rings the alarm.
    """
    own = default_client()
    if client_id in {None, own.id}:
        return own
    seen = _seen()
    read_at, client = seen.get(client_id, (None, None))
    if read_at is None or not read_at <= now < read_at + CACHE_SECONDS:
        client = _read(client_id)
        # Unknown ids are not kept: a caller may invent as many as he likes.
        seen.pop(client_id, None)
        if client is not None:
            seen[client_id] = (now, client)
    return client


def check_client(client_id: str | None, *, now: int) -> Client:
    """The client that a login is for; raises InvalidRequest for one that the operator does not know."""
    client = find_client(client_id, now=now)
    if client is None:
        raise InvalidRequest("unknown client", field="client_id")
    return client


def check_origin(origin: str, client: Client) -> None:
    """Raise OriginRefused for a page that is not the client's own; a caller that is no page sends no Origin."""
    if origin and (origin not in client.origins or origin not in settings().allowed_origins):
        raise OriginRefused


def forget_clients() -> None:
    """Keep no client that was read before."""
    _seen.cache_clear()


@cache
def _seen() -> dict[str, tuple[int, Client]]:
    """The clients that this container has read, each with the time of the read."""
    return {}


def is_client_id(text: str) -> bool:
    """Whether a client may have this id."""
    return _CLIENT_ID.fullmatch(text) is not None


def _read(client_id: str) -> Client | None:
    row = read_row(client_id) if is_client_id(client_id) else None
    if row is None:
        return None
    if not is_own(row):
        report_forged("client")
        return None
    client = client_of(row)
    return client if client.active else None
