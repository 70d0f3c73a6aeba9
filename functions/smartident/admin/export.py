"""Disclosures: all that the table holds about an account, for the person it is about (GDPR articles 15 and 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import LOOKUP, Account, EmailRow, NumberRow
from smartident.accounts.audit_log import AuditRecordRow
from smartident.devices.device import DeviceRow
from smartident.devices.registration import RegistrationRow
from smartident.logins.login import LoginRow, is_decoy
from smartident.rate_limiting.counters import LimitRow
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

# Secrets, and what could be tried against them: the person gains nothing by them, a thief of the file might.
WITHHELD = {"password_hash", "token_hash", "ticket_hash", "transfer_code_mac", "code_mac"}
# A Query of the partition tells the kinds of rows apart that it has heard of.
# Counters by phone number and source are sealed, gone in two days, and shared by whoever has the same: nobody's alone.
DISCLOSED = (DeviceRow, LoginRow, AuditRecordRow, RegistrationRow, LimitRow)


def export_account(account: Account) -> Iterator[dict[str, object]]:
    """Every row about an account, a page in memory at a time: its lookups, itself, devices, logins, records."""
    keys = [(NumberRow, f"NUMBER#{account.number}", LOOKUP), (EmailRow, f"EMAIL#{account.email}", account.id)]
    for kind, pk, sk in keys:
        yield from (_plain(row) for row in kind.query(pk, kind.sk == sk, consistent_read=True))
    for partition in (account.id, f"LIMIT#sms-account#{account.id}"):
        rows = Row.query(partition, consistent_read=True)
        # What strangers tried under this name is nothing that the person did.
        yield from (_plain(row) for row in rows if not (isinstance(row, LoginRow) and is_decoy(row)))


def _plain(row: Row) -> dict[str, object]:
    members: dict[str, object] = row.to_simple_dict()
    return {name: value for name, value in members.items() if name not in WITHHELD}
