"""Runs in the functions' world: what the operator does for the people of the contract tests."""

from __future__ import annotations

import time
from dataclasses import replace

from smartident.accounts.names import find_accounts
from smartident.admin.change import change_external_id
from smartident.clients.backchannel import Backchannel
from smartident.clients.changes import add_client, show_client
from smartident.clients.client_secret import client_secret_mac
from smartident.freeze.opening import open_account
from smartident_laptop.demo.accounts import DEMO_CLIENT, JONAS

BACK_END, BACK_END_SECRET = "back-end", "the-secret-of-the-back-end"
# How it calls the account that asks with a phone, and one that never had any.
CUSTOMER, NEW_CUSTOMER = "K-42", "K-43"
MAY = Backchannel(issues_enrolment_codes=True)


def add_back_end(told: dict[str, str], _context: object) -> None:
    """Add a client that may ask phones and let first ones in; it knows two accounts under names of its own."""
    now, secret_mac = int(time.time()), client_secret_mac(BACK_END, BACK_END_SECRET)
    client = replace(show_client(DEMO_CLIENT), id=BACK_END, secret_mac=secret_mac, backchannel=MAY)
    add_client(client, by="petra", now=now)
    change_external_id(told["account_id"], BACK_END, CUSTOMER, now=now)
    (new,) = find_accounts(JONAS.number)
    change_external_id(new, BACK_END, NEW_CUSTOMER, now=now)


def open_again(told: dict[str, str], _context: object) -> None:
    """Open the account, if it is frozen."""
    open_account(told["account_id"], operator="petra", now=int(time.time()))
