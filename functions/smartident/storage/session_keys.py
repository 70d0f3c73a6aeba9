"""The keys of sessions at the provider, and of the news that they ended; keys.py spells all others."""

from __future__ import annotations

from smartident.storage.ids import split_id
from smartident.storage.keys import Key, Range

_SESSION, _LOGOUT = "SESSION#", "LOGOUT#"
# Sorts behind every character of our ids.
_LAST = "~"


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
    return Key(account_id, _LOGOUT + part)
