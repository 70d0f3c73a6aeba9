"""When a password attempt was, which hour it counts for, and how long a lockout lasts."""

from __future__ import annotations

from smartident.crypto.random import random_id
from smartident.rate_limiting.trusted_browser import is_browser

FIRST_LOCKOUT = 30
MAX_LOCKOUT = 3600
HOUR = 3600
_TIME_DIGITS = 8


def new_attempt_id(now: int) -> str:
    """An id that no other attempt has, and that tells when it was."""
    return f"{now:0{_TIME_DIGITS}x}{random_id()[:8]}"


def attempt_time(attempt_id: str) -> int:
    """When the attempt of this id was."""
    return int(attempt_id[:_TIME_DIGITS], 16)


def hour_of(pool: str, at: int) -> str:
    """The key that a failure of this time counts under: a trusted browser has its own, all addresses share one."""
    hour = str(at // HOUR)
    return f"{pool}:{hour}" if is_browser(pool) else hour


def lockout_seconds(before: int) -> int:
    """For how long an address or browser is locked that was locked so often before."""
    return min(FIRST_LOCKOUT << min(before, 16), MAX_LOCKOUT)
