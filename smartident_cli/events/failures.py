"""Failed attempts beside the history: moments that the account itself remembers, for they are no entries of its log."""

from collections.abc import Iterable
from typing import Any

from smartident.accounts.account import Account
from smartident.accounts.audit_log import FailedAttempt, history_of

Event = dict[str, Any]
PASSWORD_WRONG = "password_wrong"  # noqa: S105  a kind of event
NOTHING = dict.fromkeys(
    ("event_id", "device_id", "login_id", "browser", "os", "ip", "origin", "reason", "by", "detail")
)


def with_failures(events: list[Event], account: Account, *, since: int, until: int, now: int) -> list[Event]:
    """The events with the account's failed attempts of that time among them, newest first."""
    history = history_of(account.item, now=now)
    failed = [_event(one) for one in _between([*history.counted, *history.past], since, until)]
    return sorted([*events, *failed], key=lambda event: int(event["at"]), reverse=True)


def _between(attempts: Iterable[FailedAttempt], since: int, until: int) -> list[FailedAttempt]:
    return [one for one in attempts if since <= one.at <= until]


def _event(attempt: FailedAttempt) -> Event:
    return {**NOTHING, "type": PASSWORD_WRONG, "at": attempt.at, "locked_until": attempt.lock_ends}
