"""What keeps the owner of an account out just now, and what failed lately: for who helps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.accounts.audit_log import AttemptHistory, history_of
from smartident.accounts.limits.pending_logins import Caller, wait_of
from smartident.accounts.limits.wrong_sms_codes_of_day import check_wrong_sms_codes
from smartident.errors import TooManyAttempts
from smartident.logins.reading import read_recent
from smartident.rate_limiting.sms_limits import limit_of_account
from smartident.storage.table import DAY

if TYPE_CHECKING:
    from smartident.accounts.account import Account

# An address that the account has never seen: nobody waits longer than from there.
STRANGER = Caller("")


@dataclass(frozen=True)
class Lockout:
    """Failed attempts with their locks; from when on a login may begin, a phone be registered. None means now."""

    attempts: AttemptHistory
    next_login_at: int | None
    next_registration_at: int | None


def read_lockout(account: Account, *, now: int) -> Lockout:
    """What the account's item and its logins of the last hour say."""
    wait = wait_of(account.item, STRANGER, read_recent(account.id, now=now), now=now)
    tomorrow = (now // DAY + 1) * DAY if _waits_for_tomorrow(account, now=now) else None
    return Lockout(history_of(account.item, now=now), now + wait if wait else None, tomorrow)


def _waits_for_tomorrow(account: Account, *, now: int) -> bool:
    """Whether the account had its SMS of this day, or too many wrong codes were tried on it.

    What its phone number had under other accounts is counted under a MAC, and who looks has no pepper.
    """
    try:
        check_wrong_sms_codes(account, now=now)
    except TooManyAttempts:
        return True
    return limit_of_account(account.id).is_reached(now=now)
