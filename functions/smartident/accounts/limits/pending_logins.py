"""What an account knows of its latest logins: how many may wait, whose outcome is open, where they came from.

Somebody with the right password could ask until the person gives in (ASVS 6.6.4). So after UNANSWERED_LOGINS requests
in a row that were declined, cancelled or left to expire, the next has to wait a minute, and twice as long each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.errors import TooManyAttempts
from smartident.places.countries import read_countries
from smartident.settings import settings
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartident.accounts.item.row import AccountRow
    from smartident.places.countries import Countries

FIRST_DELAY = 60
MAX_DELAY = 3600
MAX_REMEMBERED = 10
# Logins older than this are history: no decision reads them, however many there are.
RECENT_SECONDS = 3600


class TooManyPendingLogins(TooManyAttempts):
    """No further login may wait just now."""


@dataclass(frozen=True)
class Caller:
    """Who asks for the next login: a client address or trusted browser, and since when the account trusts it."""

    pool: str
    trusted_since: int | None = None


def caller_of(item: AccountRow, client_address: str) -> Caller:
    """Who asks from a client address, and since when the account trusts it."""
    at = item.trusted_addresses.as_dict().get(client_address)
    return Caller(client_address, None if at is None else int(at))


@dataclass(frozen=True)
class RecentLogin:
    """What counts of a login of the last hour, as of one moment."""

    part: str
    pool: str
    created_at: int
    expires_at: int
    # When it was declined or ran out; of a cancelled one only the beginning is known.
    ended_at: int
    is_pending: bool
    was_approved: bool


def free_slots(
    item: AccountRow, caller: Caller, read_recent: Callable[[], Sequence[RecentLogin]], *, now: int
) -> list[str]:
    """The logins that hold a slot no more; raises TooManyPendingLogins while no further login may wait.

    The table is asked for more only when the slots seem taken, or some logins have begun within the hour.
    """
    limits = settings()
    slots = {part: int(until) for part, until in item.pending_logins.as_dict().items()}
    lately = {part: until for part, until in slots.items() if until > now - RECENT_SECONDS}
    waiting = [until for until in lately.values() if until > now]
    if len(waiting) < limits.pending_logins and len(lately) < limits.unanswered_logins:
        return sorted(slots.keys() - lately.keys())
    logins = read_recent()
    check_wait(item, caller, logins, now=now)
    unapproved = [login.part for login in logins if not login.was_approved]
    kept = set(unapproved[: max(MAX_REMEMBERED, limits.unanswered_logins)])
    return sorted(slots.keys() - (lately.keys() & kept))


def open_outcomes(item: AccountRow) -> frozenset[str]:
    """The logins whose outcome no later entry of the audit log covers yet, by their parts."""
    return frozenset(item.open_outcomes or ())


def countries_of(item: AccountRow) -> Countries:
    """The countries that the account signed in from."""
    return read_countries(item.countries)


def check_wait(item: AccountRow, caller: Caller, logins: Sequence[RecentLogin], *, now: int) -> None:
    """Raise TooManyPendingLogins if, after these logins, newest first, the next has to wait."""
    counted = _since_unlocked(item, logins)
    wait = _wait_for_a_slot(counted, now=now)
    if wait <= 0:
        wait = _wait_after_unanswered(caller, counted, now=now)
        if wait > 0:
            log_event("login_delayed", seconds=wait)
    if wait > 0:
        raise TooManyPendingLogins("pending or unanswered logins", retry_after=wait)


def wait_of(item: AccountRow, caller: Caller, logins: Sequence[RecentLogin], *, now: int) -> int:
    """For how many seconds after these logins, newest first, the next would have to wait; none means not at all."""
    counted = _since_unlocked(item, logins)
    return max(_wait_for_a_slot(counted, now=now), _wait_after_unanswered(caller, counted, now=now), 0)


def _since_unlocked(item: AccountRow, logins: Sequence[RecentLogin]) -> list[RecentLogin]:
    return [login for login in logins if login.created_at > int(item.unlocked_at or 0)]


def _wait_for_a_slot(logins: Sequence[RecentLogin], *, now: int) -> int:
    pending = [login.expires_at for login in logins if login.is_pending]
    return min(pending) - now if len(pending) >= settings().pending_logins else 0


def _wait_after_unanswered(caller: Caller, logins: Sequence[RecentLogin], *, now: int) -> int:
    unanswered = _unanswered(logins)
    trusted_since = caller.trusted_since
    if unanswered and trusted_since is not None and trusted_since < unanswered[-1].created_at:
        # Who was here before the first of them answers for its own alone: strangers must not keep the owner out.
        unanswered = [login for login in unanswered if login.pool == caller.pool]
    over = len(unanswered) - settings().unanswered_logins
    if over < 0:
        return 0
    return unanswered[0].ended_at + min(FIRST_DELAY << min(over, 16), MAX_DELAY) - now


def _unanswered(logins: Sequence[RecentLogin]) -> list[RecentLogin]:
    """The latest logins, newest first, back to the last that was approved."""
    ended = [login for login in logins if not login.is_pending]
    approved = (place for place, login in enumerate(ended) if login.was_approved)
    return ended[: next(approved, len(ended))]
