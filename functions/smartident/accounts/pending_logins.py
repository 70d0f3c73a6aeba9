"""How many logins of one account may wait at once, and how long the next has to wait after some that nobody approved.

Somebody with the right password could ask until the person gives in (ASVS 6.6.4). So after UNANSWERED_LOGINS requests
in a row that were declined, cancelled or left to expire, the next has to wait a minute, and twice as long each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.devices.snapshot import HORIZON, read_snapshot
from smartident.errors import TooManyAttempts
from smartident.logins.login import APPROVED, COMPLETED, DECOY, PENDING, Login
from smartident.settings import settings
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import AccountRow

FIRST_DELAY = 60
MAX_DELAY = 3600
MAX_REMEMBERED = 10


class TooManyPendingLogins(TooManyAttempts):
    """No place is to be had just now."""


def places_of(guard: AccountRow, source: str, *, now: int) -> dict[str, int]:
    """The logins that hold a place, or held one lately; raises PlacesTaken while there is none to be had.

    The table is asked for more only when the places seem taken, or some logins have begun within the hour.
    """
    limits = settings()
    lately = {name: int(until) for name, until in guard.pending.as_dict().items() if int(until) > now - HORIZON}
    waiting = [until for until in lately.values() if until > now]
    if len(waiting) < limits.pending_logins and len(lately) < limits.unanswered_logins:
        return lately
    logins = read_snapshot(guard.pk, now=now).logins
    check_wait(guard, source, logins, now=now)
    unapproved = [login for login in logins if login.state not in {APPROVED, COMPLETED}]
    signed_request = {
        f"LOGIN#{login.id.partition('.')[2]}" for login in unapproved[: max(MAX_REMEMBERED, limits.unanswered_logins)]
    }
    return {name: until for name, until in lately.items() if name in signed_request}


def check_wait(guard: AccountRow, source: str, logins: tuple[Login, ...], *, now: int) -> None:
    """Raise PlacesTaken if, after these logins, newest first, the next has to wait."""
    wait = _wait(guard, source, logins, now=now)
    if wait > 0:
        raise TooManyPendingLogins("pending or unanswered logins", retry_after=wait)


def _wait(guard: AccountRow, source: str, logins: tuple[Login, ...], *, now: int) -> int:
    """Seconds until the next login may begin; none or less means now."""
    pending = [login.expires_at for login in logins if login.browser_status(now) == PENDING]
    if len(pending) >= settings().pending_logins:
        return min(pending) - now
    unanswered = _unanswered(logins, now=now)
    known_at = guard.known.as_dict().get(source)
    if unanswered and known_at is not None and int(known_at) < unanswered[-1].created_at:
        # Who was here before the first of them answers for its own alone: strangers must not keep the owner out.
        unanswered = [login for login in unanswered if login.source == source]
    over = len(unanswered) - settings().unanswered_logins
    if over < 0:
        return 0
    until = _ended(unanswered[0]) + min(FIRST_DELAY << over, MAX_DELAY)
    if until > now:
        log_event("login_delayed", seconds=until - now)
    return until - now


def _unanswered(logins: tuple[Login, ...], *, now: int) -> list[Login]:
    """The latest logins, newest first, back to the last that was approved."""
    ended = [login for login in logins if login.browser_status(now) != PENDING]
    approved = (place for place, login in enumerate(ended) if login.state in {APPROVED, COMPLETED})
    return ended[: next(approved, len(ended))]


def _ended(login: Login) -> int:
    """When it was declined or ran out; of a cancelled one only the beginning is known."""
    if login.state in {PENDING, DECOY}:
        return login.expires_at
    return login.decided_at or login.created_at
