"""Sources: where requests come from, sealed, and how many wrong passwords one may bring in an hour over all accounts.

The count rises before the answer that it guards: whoever tries one password on many accounts learns at most
ADDRESS_FAILURES times an hour that it is wrong, and from then on not even that it is right. An account that has been
logged in to from that source before is not bound by what its neighbours do there.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from smartident.crypto.pepper import mac
from smartident.rate_limiting.counters import Limit, check_room, lower_limit, raise_limit, require_room
from smartident.settings import settings
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

HOUR = 3600


def client_address_of(address: str) -> str:
    """The sealed name of where a request comes from: an IPv4 address, or the /64 that one household's IPv6 shares."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return mac("source", address)[:16]
    if isinstance(parsed, IPv6Address):
        return mac("source", parsed.exploded[:19])[:16]
    return mac("source", str(parsed))[:16]


def count_failure(source: str, *, now: int) -> None:
    """Count a wrong password of this source; raises TooManyAttempts if it has brought its share of this hour."""
    used = raise_limit(_failures(source), now=now)
    if used == settings().address_failures:
        log_event("address_exhausted")


def forget_failure(source: str, *, at: int) -> None:
    """Give back what was counted then, for a password that was not wrong after all."""
    lower_limit(_failures(source), now=at)


def require_quiet(transaction: TransactWrite, source: str, *, now: int) -> None:
    """Let a transaction hold only while the source has not brought too many wrong passwords."""
    require_room(transaction, _failures(source), now=now)


def check_quiet(source: str, *, now: int) -> None:
    """Raise TooManyAttempts if the source has brought too many wrong passwords."""
    check_room(_failures(source), now=now)


def _failures(source: str) -> Limit:
    return Limit("source", source, most=settings().address_failures, window=HOUR)
