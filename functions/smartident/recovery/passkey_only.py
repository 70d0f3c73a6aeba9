"""A recovery code where only passkeys log in: it lets nobody in, but allows phones again after the cool-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from smartident.accounts.account_change import change_of
from smartident.accounts.item.login_policy import is_passkey_only, looser_from, set_login_policy
from smartident.clients.login_policy import PHONE_OR_PASSKEY
from smartident.errors import RecoveryDelayed, ServiceUnavailable
from smartident.notices.outbox import notice
from smartident.settings import settings
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.storage.operations import FailedConditions

HOUR = 3600


def check_phones_allowed(account: Account, *, origin: str = "", now: int) -> None:
    """Raise RecoveryDelayed where only passkeys log in: phones do again after the cool-off, of which everybody is told.

    For an account whose password and recovery code are right; the code is not used up. Asking again begins no new wait.
    """
    if not is_passkey_only(account, now=now):
        return
    allowed_from = looser_from(account, now=now)
    if allowed_from is None:
        allowed_from = now + settings().cool_off_hours * HOUR
        change = change_of(account)
        set_login_policy(change, PHONE_OR_PASSKEY, starts_at=allowed_from)
        change.record("passkey_only_ending", now=now, detail=PHONE_OR_PASSKEY)
        change.also([notice(account.id, "passkey_only_ending", now=now, origin=origin)])
        # Whatever got in between may have ended the code: it is tried again, as it is by then.
        write(*change.operations(), on_conflict=_busy)
        log_event("passkey_only_ending")
    raise RecoveryDelayed(retry_after=allowed_from - now)


def _busy(_: FailedConditions) -> NoReturn:
    raise ServiceUnavailable("the account changed")
