"""Überall abmelden: every session of an account ends at once, by its state, and all that clients were granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import AccountNotFound, read_account
from smartident.accounts.account_change import change_of
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.errors import DeviceRevoked
from smartident.storage.operations import Again
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.devices.device import Device

OPERATOR = "operator"


def sign_out_everywhere(account_id: str, *, by: Device | None, now: int) -> None:
    """End all sessions of the account, and every code and token that clients got, on record; no browser is trusted.

    Phones stay, and so do logins that wait for them. `by` is the phone that asks, None for the operator. Raises
    AccountNotFound, or DeviceRevoked if the phone is revoked meanwhile.
    """

    def attempt(_: None) -> Again[None] | None:
        # The account is read first: what begins after it moves the audit log on, and the transaction then fails.
        account, snapshot = read_account(account_id), read_snapshot(account_id, now=now)
        if account is None:
            raise AccountNotFound
        if by is not None and by.id not in {device.id for device in snapshot.active_devices()}:
            raise DeviceRevoked
        change = change_of(account)
        change.forget_browsers()
        change.record("sessions_ended", now=now, detail=OPERATOR if by is None else by.id)
        begin_next_epoch(change, snapshot)
        return write(*change.operations(), on_conflict=lambda _: Again(None))

    retry(attempt, None)
