"""What keeps the owner of an account out just now, and what failed lately: for who helps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.accounts.audit_log import AttemptHistory, history_of
from smartident.accounts.pending_logins import Caller, wait_of
from smartident.logins.login import is_decoy
from smartident.logins.reading import as_recent, recent_logins

if TYPE_CHECKING:
    from smartident.accounts.account import Account

# An address that the account has never seen: nobody waits longer than from there.
STRANGER = Caller("")


@dataclass(frozen=True)
class Lockout:
    """Failed attempts with their locks, and from when on the next login may begin; None means now."""

    attempts: AttemptHistory
    next_login_at: int | None


def read_lockout(account: Account, *, now: int) -> Lockout:
    """What the account's item and its logins of the last hour say."""
    recent = [as_recent(login, now) for login in recent_logins(account.id, now=now) if not is_decoy(login)]
    wait = wait_of(account.item, STRANGER, recent, now=now)
    return Lockout(history_of(account.item, now=now), now + wait if wait else None)
