"""Whether a login waits for the phone, or the password alone is enough; and the end of recovery codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account_change import AccountChange, change_of
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.freeze.ending import change_account
from smartident.notices.outbox import OPERATOR, notice
from smartident.recovery.changes import end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.logins.login import Login


def switch_two_factor(account_id: str, *, on: bool, now: int) -> None:
    """Switch two-factor login on or off, on record; the same again changes nothing.

    Switched on, it also ends, by its state, what the password alone has begun and nobody completed. Raises
    AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.two_factor == on:
            return None
        change = change_of(account)
        change.set_two_factor(on=on)
        change.record("two_factor_changed", detail="on" if on else "off", now=now)
        change.also([notice(account_id, "two_factor_on" if on else "two_factor_off", now=now, by=OPERATOR)])
        snapshot = read_snapshot(account_id, now=now)
        ended = [login for login in snapshot.open_logins() if login.password_alone]
        begin_next_epoch(change, snapshot, ended={login.id for login in ended})
        return change, ended

    change_account(account_id, compose)


def revoke_recovery_codes(account_id: str, *, operator: str, now: int) -> None:
    """Let no recovery code of the account count any more, on record with the operator; the person is told.

    The same again changes nothing. Raises AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.recovery_codes_mac is None:
            return None
        change = change_of(account)
        end(change, operator=operator, now=now)
        change.also([notice(account_id, "recovery_codes_revoked", now=now, by=OPERATOR)])
        return change, ()

    change_account(account_id, compose)
