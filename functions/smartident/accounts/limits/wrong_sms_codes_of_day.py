"""Wrong SMS codes that one account takes in a day, whatever registrations they were tried on.

A registration takes few tries, but who has the password begins as many registrations as there are requests, also such
as get no SMS any more. So wrong codes are counted on the account too: as many as all its codes of a day allow together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.expressions.condition import size

from smartident.accounts.item.row import AccountRow, account_key, item_in_the_way
from smartident.errors import TooManyAttempts
from smartident.settings import settings
from smartident.storage.operations import Again, FailedConditions, Update
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def check_wrong_sms_codes(account: Account, *, now: int) -> None:
    """Raise TooManyAttempts, before any code is looked at, if the account has had its wrong codes of this day."""
    item = account.item
    if int(item.wrong_sms_codes_day) == now // DAY and len(item.wrong_sms_codes or ()) >= _max():
        raise _too_many(now)


def may_try(now: int) -> Any:
    """The condition that the account has not had its wrong codes of this day."""
    return _is_over(now) | _has_room()


def count_wrong_sms_code(account_id: str, attempt_id: str, *, now: int) -> None:
    """Count a wrong code before it is told; raises TooManyAttempts if the account has had its share of this day.

    The same attempt counted again changes nothing.
    """
    retry(lambda first_of_day: _count(account_id, attempt_id, first_of_day=first_of_day, now=now), False)  # noqa: FBT003  the state that `retry` begins with


def _count(account_id: str, attempt_id: str, *, first_of_day: bool, now: int) -> Again[bool] | None:
    def on_conflict(conflict: FailedConditions) -> Again[bool]:
        found = item_in_the_way(conflict)
        if found is None or (
            int(found.wrong_sms_codes_day) == now // DAY and len(found.wrong_sms_codes or ()) >= _max()
        ):
            raise _too_many(now)
        return Again(int(found.wrong_sms_codes_day) < now // DAY)

    wrong: Any = AccountRow.wrong_sms_codes
    if first_of_day:
        actions = [wrong.set({attempt_id}), AccountRow.wrong_sms_codes_day.set(now // DAY)]
        condition = _is_over(now)
    else:
        # An id is in the set once, however often the write is sent.
        actions = [wrong.add({attempt_id})]
        condition = (AccountRow.wrong_sms_codes_day == now // DAY) & _has_room()
    counted = Update(
        account_key(account_id),
        actions,
        AccountRow.pk.exists() & condition,
        is_own=lambda found: attempt_id in (found.wrong_sms_codes or ()),
    )
    return write(counted, on_conflict=on_conflict)


def _is_over(now: int) -> Any:
    return AccountRow.wrong_sms_codes_day.does_not_exist() | (AccountRow.wrong_sms_codes_day < now // DAY)


def _has_room() -> Any:
    return AccountRow.wrong_sms_codes.does_not_exist() | (size(AccountRow.wrong_sms_codes) < _max())


def _max() -> int:
    return settings().sms_per_account_day * settings().sms_code_tries


def _too_many(now: int) -> TooManyAttempts:
    return TooManyAttempts("wrong codes of a day", retry_after=DAY - now % DAY)
