"""How an operator lets somebody in again who was locked out, or has to wait, and forgets the browsers of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account_change import AccountChange, change_of
from smartident.accounts.password_attempts import forget_shared_name
from smartident.freeze.ending import change_account
from smartident.rate_limiting.sms_limits import limits_of_person
from smartident.recovery.authenticate import wrong_codes_of_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.logins.login import Login


def unlock(account_id: str, *, now: int) -> None:
    """Forget, on record, every attempt, lockout, block and wait of an account; what it trusts stays trusted.

    With them goes what is counted under an e-mail that it shares, and the day's SMS and recovery codes. Raises
    AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]]:
        if account.email:
            forget_shared_name(account.email)
        if account.phone:
            for limit in limits_of_person(account.id, account.phone):
                limit.forget(now=now)
        wrong_codes_of_day(account.id).forget(now=now)
        change = change_of(account)
        change.unlock(now=now)
        change.record("account_unlocked", now=now)
        return change, ()

    change_account(account_id, compose)


def forget_browsers(account_id: str, *, now: int) -> None:
    """Trust no browser any more that was trusted until now, on record. Raises AccountNotFound."""

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]]:
        change = change_of(account)
        change.forget_browsers()
        change.record("browsers_forgotten", now=now)
        return change, ()

    change_account(account_id, compose)
