"""The push: a port to the browser's WebSocket. It carries hints, and whoever misses one asks instead."""

from __future__ import annotations

import json
from typing import Protocol

from smartident.aws import client
from smartident.settings import settings


class Push(Protocol):
    """Tells one connection a hint."""

    def send(self, connection_id: str | None, hint: dict[str, str]) -> bool:
        """Whether it was handed over; never raises, because no state may hang on it."""


class SocketPush:
    """Hints over API Gateway's connections."""

    def send(self, connection_id: str | None, hint: dict[str, str]) -> bool:
        """Post once; a connection that is gone (410), slow or refused is nobody's fault, the page asks by itself."""
        if connection_id is None:
            return False
        gateway = client("apigatewaymanagementapi", settings().connections_url, attempts=1)
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  loaded with the client anyway

        try:
            gateway.post_to_connection(ConnectionId=connection_id, Data=json.dumps(hint).encode())
        except (ClientError, BotoCoreError):
            return False
        return True
