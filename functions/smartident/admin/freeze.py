"""How an operator freezes an account ("Zugang sperren") and opens it again: until then nobody gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account_change import AccountChange, change_of
from smartident.admin.change import change_account
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.notices.outbox import OPERATOR, notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.logins.login import Login


def freeze_account(account_id: str, *, operator: str, now: int) -> None:
    """Let nobody in, on record with the operator: open logins and registrations end by their state.

    To a browser and to a new phone every password is wrong from then on. The same again changes nothing. Raises
    AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.frozen:
            return None
        change = change_of(account)
        change.freeze()
        change.record("account_frozen", now=now, detail=operator)
        change.also([notice(account_id, "account_frozen", now=now, by=OPERATOR)])
        snapshot = read_snapshot(account_id, now=now)
        ended = snapshot.open_logins()
        begin_next_epoch(change, snapshot, ended={login.id for login in ended})
        return change, ended

    change_account(account_id, compose)


def open_account(account_id: str, *, operator: str, now: int) -> None:
    """Let the owner in again, on record with the operator; what the freeze ended stays ended.

    The same again changes nothing. Raises AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if not account.frozen:
            return None
        change = change_of(account)
        change.open()
        change.record("account_opened", now=now, detail=operator)
        change.also([notice(account_id, "account_opened", now=now, by=OPERATOR)])
        return change, ()

    change_account(account_id, compose)
