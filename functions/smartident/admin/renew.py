"""Renewal: after a restore, what somebody kept from before the restore grants nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account_change import AccountChange, change_of
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.freeze.ending import change_account

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.logins.login import Login


def renew_grants(account_id: str, *, now: int) -> None:
    """Begin the account's next grant epoch, on record: devices stay, open logins and registrations end.

    Raises AccountNotFound, also for an account whose item does not fit its MAC.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]]:
        change = change_of(account)
        change.end_registrations()
        change.forget_browsers()
        change.record("grants_renewed", now=now)
        snapshot = read_snapshot(account_id, now=now)
        ended = snapshot.open_logins()
        begin_next_epoch(change, snapshot, ended={login.id for login in ended})
        return change, ended

    change_account(account_id, compose)
