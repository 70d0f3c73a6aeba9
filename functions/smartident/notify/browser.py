"""Messages to a browser's WebSocket, as a port. A message is a hint: a page that misses one asks instead."""

from __future__ import annotations

import json
from typing import Protocol

from smartident.aws import client
from smartident.settings import settings
from smartident.telemetry import log_if_denied


class Push(Protocol):
    """Sends a hint to one connection."""

    def send(self, connection_id: str | None, hint: dict[str, str]) -> bool:
        """Whether it was sent; never raises, because no state may depend on it."""


class SocketPush:
    """Hints through API Gateway's connections."""

    def send(self, connection_id: str | None, hint: dict[str, str]) -> bool:
        """Post once. A connection that is gone (410), slow or refused is no fault: the page asks by itself."""
        if connection_id is None:
            return False
        gateway = client("apigatewaymanagementapi", settings().connections_url, attempts=1)
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  the client loads it anyway

        try:
            gateway.post_to_connection(ConnectionId=connection_id, Data=json.dumps(hint).encode())
        except (ClientError, BotoCoreError) as error:
            log_if_denied(error)
            return False
        return True
