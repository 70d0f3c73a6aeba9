"""How often a client may ask: in all, and at one account. None of it counts for anybody else, nor takes a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.item.row import account_key, block_of
from smartident.accounts.limits.pending_logins import Caller, check_wait
from smartident.errors import SourceBlocked, TooManyAttempts
from smartident.logins.reading import as_recent, recent_logins
from smartident.rate_limiting.asking_client import pool_of_client
from smartident.rate_limiting.counters import RateLimit

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.clients.backchannel import Backchannel

HOUR = 3600


def count_request(client_id: str, allowed: Backchannel, *, now: int) -> None:
    """Count a request of this client, whomever it is about; raises TooManyAttempts beyond its share of this hour."""
    RateLimit("ciba", client_id, max=allowed.per_hour, window=HOUR).count_one(now=now)


def check_may_ring(account_id: str, account: Account | None, client_id: str, allowed: Backchannel, *, now: int) -> None:
    """Raise TooManyAttempts while the client may not ring this account: by its own requests there, and no others'.

    Raises SourceBlocked once a person said "not me" to it, for a while. Somebody whom nobody knows is no exception.
    """
    pool = pool_of_client(client_id)
    item = account_key(account_id) if account is None else account.item
    blocked_until = block_of(item, pool) or 0
    if blocked_until > now:
        raise SourceBlocked("client blocked", retry_after=blocked_until - now)
    logins = [one for one in recent_logins(account_id, now=now) if one.client_address == pool]
    own = [as_recent(login, now) for login in logins]
    waiting = [one.expires_at for one in own if one.is_pending]
    if len(waiting) >= allowed.pending:
        raise TooManyAttempts("pending requests of the client", retry_after=min(waiting) - now)
    check_wait(item, Caller(pool), own, now=now)
