"""The WebSocket routes $connect and $default: step 6 of the story (docs/flow.md)."""

from __future__ import annotations

from typing import Any

from browser.step import connect, status
from smartident.http.websocket import Answer, Connection, answer, entry


def on_connect(connection: Connection) -> Answer:
    """Let the page's socket in, with the subprotocol that it offered."""
    protocol = connect(
        origin=connection.header("origin"),
        protocols=connection.header("sec-websocket-protocol"),
        connection_id=connection.id,
        now=connection.now,
    )
    return answer(200, headers={"Sec-WebSocket-Protocol": protocol})


def on_message(connection: Connection) -> Answer:
    """Answer a status question on the same socket."""
    return answer(200, hint=status(connection.asked_login(), connection_id=connection.id, now=connection.now))


handler: Any = entry(on_connect=on_connect, on_message=on_message)
