"""The keys of what belongs to clients, the applications that people log in to; keys.py spells all others."""

from __future__ import annotations

from smartident.storage.ids import split_id
from smartident.storage.keys import Key

_CLIENTS, _CLIENT, _AUTHORIZATION = "CLIENTS", "CLIENT#", "AUTHORIZATION#"


def client(client_id: str) -> Key:
    """One client; all of them share a partition, which no function writes."""
    return Key(_CLIENTS, _CLIENT + client_id)


def client_id(sk: str) -> str:
    """The client that a sort key names."""
    return sk.removeprefix(_CLIENT)


def external_id(client_id: str, external_id: str) -> Key:
    """Which account a client knows by this name of its own."""
    return Key(f"EXTERNAL#{client_id}", external_id)


def authorization(authorization_id: str) -> Key | None:
    """What a login granted to a client, found from the login's id; None for what is no login id."""
    parts = split_id(authorization_id)
    return new_authorization(*parts) if parts else None


def new_authorization(account_id: str, part: str) -> Key:
    """What a login of this part grants to its client."""
    return Key(account_id, _AUTHORIZATION + part)


def of_client(kind: str, name_digest: str) -> Key:
    """What a client left before anybody logs in: an assertion that it used (`ASSERTION`), or a `REQUEST`."""
    return Key(f"OAUTH#{name_digest}", kind)
