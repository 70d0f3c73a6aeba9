"""Which events of a history are meant: a page of it, all since a moment, or those around one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from smartident.accounts.account import Account
from smartident.history.events import read_page
from smartident.storage.ids import newest_first, time_of
from smartident_cli.events.failures import Event, with_failures

AROUND = 600
"""Seconds before and after a moment that people remember by the minute."""
# A login stands in the history where it began, and is told by when it was decided or completed.
MAX_LOGIN_SECONDS = 3600


@dataclass(frozen=True)
class Selection:
    """The events wanted: from a cursor on, or from and up to a moment. Without any of them it is the newest page."""

    before: str | None = None
    since: int | None = None
    until: int | None = None

    def read(self, account: Account, *, now: int) -> tuple[list[Event], str | None]:
        """The events, newest first, and the cursor of the page after them; raises InvalidRequest for a wrong cursor."""
        if self.since is not None:
            events, cursor = [event for event in self._all(account.id, now=now) if self._wants(event)], None
            since, until = self.since, self.until or now
        else:
            events, cursor = _page(account.id, self.before, now=now)
            since = int(events[-1]["at"]) if cursor and events else 0
            until = time_of(self.before) if self.before else now
        return with_failures(events, account, since=since, until=until, now=now), cursor

    def _all(self, account_id: str, *, now: int) -> Iterator[Event]:
        """Every event that may be one of them."""
        cursor: str | None = newest_first(self.until) if self.until is not None else None
        oldest = (self.since or 0) - MAX_LOGIN_SECONDS
        while True:
            events, cursor = _page(account_id, cursor, now=now)
            yield from events
            if cursor is None or time_of(cursor) < oldest:
                return

    def _wants(self, event: Event) -> bool:
        at = int(event["at"])
        return at >= (self.since or 0) and (self.until is None or at <= self.until)


def _page(account_id: str, before: str | None, *, now: int) -> tuple[list[Event], str | None]:
    page: dict[str, Any] = read_page(account_id, before=before, now=now)
    return page["events"], page["next"]
