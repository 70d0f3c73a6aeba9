"""The pool of a client that asks phones by itself: its requests count for it, whatever address it tells of a person."""

from __future__ import annotations

from smartident.crypto.random import digest

_PREFIX, _LENGTH = "client:", 22


def pool_of_client(client_id: str) -> str:
    """Among whose logins a client's own requests count, and what "not me" blocks: no address, no other client."""
    return _PREFIX + digest(client_id)[:_LENGTH]
