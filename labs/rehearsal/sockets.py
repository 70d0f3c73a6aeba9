"""Pages at their WebSockets; and the function behind these, called by Lambda's own API.

The stand-in keeps no log of what its WebSocket API calls.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from websockets.exceptions import WebSocketException

from labs.rehearsal.lambda_api import invoke
from labs.rehearsal.walker import PAGE
from smartident_cli.story.play import Differs, expect
from smartident_client.answers import Hint
from smartident_client.browser import PROTOCOL, ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from labs.rehearsal.walker import Walker
    from smartident_client.answers import Login

LINK = 8
"""The last WebSocket of a login: no other scene opens it."""


def ask_behind_socket(walker: Walker) -> None:
    """Connect and ask once more, so that the log holds what the function meets."""
    login, deployment = walker.start(), walker.deployment
    headers = {"Origin": PAGE, "Sec-WebSocket-Protocol": f"{PROTOCOL}, {ticket(login, LINK)}"}
    asked = json.dumps({"action": "status", "login_id": login.login_id})
    invoke(deployment, "WebSocketApi", "websocket-connect", headers=headers)
    invoke(deployment, "WebSocketApi", "websocket-default", body=asked)
    walker.browser.cancel(login)


@contextmanager
def waiting_page(walker: Walker, login: Login) -> Iterator[Callable[[], str]]:
    """A page at its login's WebSocket, which says that the login waits; tells the status that it says next."""
    try:
        with walker.browser.connect(login) as socket:

            def heard() -> str:
                return msgspec.json.decode(socket.recv(timeout=walker.patience), type=Hint).status

            socket.send(json.dumps({"action": "status", "login_id": login.login_id}))
            expect(heard() == "pending", "the WebSocket does not say that the login waits")
            yield heard
    except (OSError, WebSocketException) as failed:
        raise Differs(f"the WebSocket: {type(failed).__name__}") from failed
