"""The WebSocket's function, called by Lambda's own API: the stand-in keeps no log of what its WebSocket API calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from labs.rehearsal.lambda_api import invoke
from labs.rehearsal.walker import PAGE
from smartident_client.browser import PROTOCOL, ticket

if TYPE_CHECKING:
    from labs.rehearsal.walker import Walker

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
