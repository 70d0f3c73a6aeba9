"""The client address, hashed, and how many wrong passwords one address may send an hour over all accounts.

The count rises before the answer that it guards. So a caller that tries one password on many accounts learns at most
ADDRESS_FAILURES times an hour that it is wrong, and after that not even that it is right. Accounts that trust the
address are not affected by what its neighbours do there.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from smartident.crypto.pepper import mac
from smartident.rate_limiting.counters import RateLimit
from smartident.settings import settings
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.storage.operations import Check

HOUR = 3600


def client_address_of(address: str) -> str:
    """The hashed client address: an IPv4 address, or the /64 that one household's IPv6 addresses share."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return mac("source", address)[:16]
    if isinstance(parsed, IPv6Address):
        return mac("source", parsed.exploded[:19])[:16]
    return mac("source", str(parsed))[:16]


def count_failure(client_address: str, *, now: int) -> None:
    """Count a wrong password of this address; raises TooManyAttempts beyond its share of this hour."""
    used = _failures(client_address).count_one(now=now)
    if used == settings().address_failures:
        log_event("address_exhausted")


def forget_failure(client_address: str, *, at: int) -> None:
    """Give back what was counted at that time, for a password that was right after all."""
    _failures(client_address).give_back(now=at)


def require_few_failures(client_address: str, *, now: int) -> Check:
    """Let a transaction hold only while the address has not sent too many wrong passwords."""
    return _failures(client_address).require_room(now=now)


def too_many_failures(client_address: str, *, now: int) -> Exception:
    """The refusal of an address that has sent too many wrong passwords."""
    return _failures(client_address).exceeded(now)


def _failures(client_address: str) -> RateLimit:
    return RateLimit("address", client_address, max=settings().address_failures, window=HOUR)
