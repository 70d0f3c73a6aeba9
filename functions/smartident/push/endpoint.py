"""Whom the service lets itself be sent to: the push services that the operator allows, and nobody else."""

from __future__ import annotations

from smartident.outbound.address import AddressRefused, target_of
from smartident.settings import PushSettings, settings_of

HTTPS = 443


def is_allowed(endpoint: str) -> bool:
    """Whether this is a URL of an allowed push service; asked when it is stored and each time before it is used."""
    try:
        host = target_of(endpoint).host
    except AddressRefused:
        return False
    return any(_fits(host, one) for one in settings_of(PushSettings).push_hosts)


def origin_of(endpoint: str) -> str:
    """The origin of a push service (RFC 6454): whom a VAPID token is for."""
    target = target_of(endpoint)
    scheme = "https" if target.secure else "http"
    return f"{scheme}://{target.host}" + ("" if target.port == HTTPS else f":{target.port}")


def _fits(host: str, allowed: str) -> bool:
    """Whether a host is the allowed one, or under it: `*.push.apple.com`."""
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed
