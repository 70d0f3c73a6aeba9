"""Runs in the functions' world: gives a crowd its accounts, each with one phone, without an SMS for everybody."""

from __future__ import annotations

import json
import time
from typing import Any

from smartident.accounts.item.mac import account_mac, granted_of, password_mac
from smartident.accounts.item.row import AccountRow
from smartident.accounts.names import AccessNumberRow
from smartident.crypto.random import random_id
from smartident.devices.device import ACTIVE, ApprovalKey, Device, DeviceRow, row_of
from smartident.passwords.hashing import hash_password
from smartident.rate_limiting.client_address import client_address_of
from smartident.storage import keys
from smartident.storage.table import Row

LOOPBACK = "127.0.0.1"
FIRST_NUMBER = 200_000_000


def handler(ask: dict[str, Any], _context: object) -> list[tuple[str, str]]:
    """So many accounts with this password and this phone; their numbers and ids."""
    shared, now = hash_password(ask["password"]), int(time.time())
    people = [(str(FIRST_NUMBER + place), random_id()) for place in range(ask["people"])]
    with Row.batch_write() as batch:
        for number, account_id in people:
            for row in rows(
                number, account_id, password_hash=shared, key=ask["key"], device_id=ask["device_id"], now=now
            ):
                batch.save(row)
    return people


def rows(
    number: str, account_id: str, *, password_hash: str, key: dict[str, str], device_id: str, now: int
) -> list[Row]:
    """What stands in the table of somebody who has enrolled a phone."""
    lookup = AccessNumberRow(*keys.access_number(number), account_id=account_id)
    account = AccountRow(
        *keys.account(account_id),
        access_number=number,
        display_name="Anna Berger",
        phone="+491701234711",
        two_factor=True,
        password_hash=password_hash,
        password_mac=password_mac(account_id, password_hash),
        created_at=now,
        active_devices=1,
        # As after a login from here: the usual one, for which no unknown source has to be looked up.
        trusted_addresses={client_address_of(LOOPBACK): now},
    )
    account.account_mac = account_mac(account_id, granted_of(account))
    return [lookup, account, _device(account_id, device_id, key, now=now)]


def _device(account_id: str, device_id: str, key: dict[str, str], *, now: int) -> DeviceRow:
    stored = json.dumps(key, sort_keys=True, separators=(",", ":"))
    device = Device(
        account_id=account_id,
        id=device_id,
        name="Telefon",
        platform="ios",
        state=ACTIVE,
        registered_at=now,
        device_key=stored,
        approval_key=ApprovalKey("jwk", stored),
    )
    return row_of(device, grant_epoch=0)
