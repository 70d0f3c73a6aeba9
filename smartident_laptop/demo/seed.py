"""Runs in the functions' world: puts the laptop's people and clients into the table there."""

from __future__ import annotations

import time
from getpass import getuser
from typing import Any

from smartident.admin.create import create_account
from smartident.clients.backchannel import read_backchannel
from smartident.clients.changes import add_client
from smartident.clients.client import Client
from smartident.clients.client_secret import client_secret_mac


def handler(seed: dict[str, list[dict[str, Any]]], _context: object) -> int:
    """Create one account for each person, and every client; tells how many."""
    now = int(time.time())
    names = {client["id"]: dict(client.pop("external_ids")) for client in seed["clients"]}
    for client in seed["clients"]:
        add_client(_client(client), by=getuser(), now=now)
    for person in seed["people"]:
        create_account(
            person["number"],
            person["password"],
            display_name=person["display_name"],
            email=person["email"],
            phone=person["phone"],
            two_factor=person["two_factor"],
            external_ids={
                client: known[number] for client, known in names.items() if (number := person["number"]) in known
            },
            now=now,
        )
    return len(seed["people"]) + len(seed["clients"])


def _client(told: dict[str, Any]) -> Client:
    """A client as the table has it; its secret is the laptop's own, and no secret."""
    secret, backchannel = told.pop("secret"), read_backchannel(told.pop("backchannel"))
    mac = None if secret is None else client_secret_mac(told["id"], secret)
    lists = {name: tuple(told[name]) for name in ("origins", "redirect_uris", "post_logout_redirect_uris")}
    return Client(**{**told, **lists}, secret_mac=mac, backchannel=backchannel)
