"""Client secrets: 256 random bits that the operator sees once. The table has their MAC under the pepper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import new_login_token

if TYPE_CHECKING:
    from smartident.clients.client import Client


def new_client_secret() -> str:
    """A secret that nobody guesses."""
    return new_login_token()


def client_secret_mac(client_id: str, secret: str) -> str:
    """What the table has of a client's secret."""
    return mac("client-secret", client_id, secret)


def is_client_secret(client: Client, secret: str) -> bool:
    """Whether this is the client's secret, compared in constant time."""
    return constant_time_equals(client_secret_mac(client.id, secret), client.secret_mac or "")
