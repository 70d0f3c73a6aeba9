"""The keys of what belongs to clients, the applications that people log in to, and of the sessions that they share."""

from __future__ import annotations

from smartident.storage.ids import split_id
from smartident.storage.keys import Key, Range

_CLIENTS, _CLIENT, _AUTHORIZATION = "CLIENTS", "CLIENT#", "AUTHORIZATION#"
_SESSION, LOGOUTS = "SESSION#", "LOGOUT#"
# Sorts behind every character of our ids.
_LAST = "~"


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


def session(session_id: str) -> Key | None:
    """One session, found from its id alone; None for what is no session's id."""
    parts = split_id(session_id)
    return new_session(*parts) if parts else None


def new_session(account_id: str, part: str) -> Key:
    """The session that a login of this part begins."""
    return Key(account_id, _SESSION + part)


def sessions() -> Range:
    """All sessions of an account."""
    return Range(_SESSION, _SESSION + _LAST)


def logout(account_id: str, part: str) -> Key:
    """What clients are to hear of sessions that ended; the table's stream is filtered by this."""
    return Key(account_id, LOGOUTS + part)
