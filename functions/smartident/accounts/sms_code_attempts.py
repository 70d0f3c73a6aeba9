"""Guesses: how many wrong SMS codes an account takes in a day, whatever registrations they were tried on.

A registration bears few tries, but who has the password begins as many registrations as there are requests, also such
as get no SMS any more. So wrong codes are counted on the account too: as many as all its codes of a day allow together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.account import ACCOUNT, AccountRow
from smartident.errors import TooManyAttempts
from smartident.settings import settings
from smartident.storage.table import DAY, Conflict, write_if

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def check_guesses(account: Account, *, now: int) -> None:
    """Raise TooManyAttempts, before any code is looked at, if the account has had its wrong codes of this day."""
    if account.wrong_sms_codes_day == now // DAY and account.wrong_sms_codes >= _most():
        raise _too_many(now)


def may_guess(now: int) -> Any:
    """The condition that the account has not had its wrong codes of this day."""
    return _is_over(now) | (AccountRow.wrong_sms_codes < _most())


def count_guess(account_id: str, *, now: int) -> None:
    """Count a wrong code before it is told; raises TooManyAttempts if the account has had its share of this day."""
    one_more: Any = [AccountRow.wrong_sms_codes.add(1)], (AccountRow.wrong_sms_codes_day == now // DAY) & may_guess(now)
    first: Any = [AccountRow.wrong_sms_codes.set(1), AccountRow.wrong_sms_codes_day.set(now // DAY)], _is_over(now)
    # Twice one more: who is outrun with the first of a day comes second.
    for actions, condition in (one_more, first, one_more):
        try:
            write_if(AccountRow(account_id, ACCOUNT), actions, AccountRow.pk.exists() & condition)
        except Conflict:
            continue
        return
    raise _too_many(now)


def _is_over(now: int) -> Any:
    return AccountRow.wrong_sms_codes_day.does_not_exist() | (AccountRow.wrong_sms_codes_day < now // DAY)


def _most() -> int:
    return settings().sms_per_account_day * settings().sms_code_tries


def _too_many(now: int) -> TooManyAttempts:
    return TooManyAttempts("wrong codes of a day", retry_after=DAY - now % DAY)
