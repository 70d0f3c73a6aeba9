"""Runs in the functions' world: puts the laptop's people and clients into the table there."""

from __future__ import annotations

import time
from getpass import getuser
from typing import Any

from smartident.admin.create import create_account
from smartident.clients.changes import add_client


def handler(seed: dict[str, list[dict[str, Any]]], _context: object) -> int:
    """Create one account for each person, and every client; tells how many."""
    now = int(time.time())
    for client in seed["clients"]:
        add_client(
            client["id"],
            name=client["name"],
            origins=tuple(client["origins"]),
            redirect_uris=tuple(client["redirect_uris"]),
            by=getuser(),
            now=now,
        )
    for person in seed["people"]:
        create_account(
            person["number"],
            person["password"],
            display_name=person["display_name"],
            email=person["email"],
            phone=person["phone"],
            two_factor=person["two_factor"],
            now=now,
        )
    return len(seed["people"]) + len(seed["clients"])
