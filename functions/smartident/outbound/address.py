"""Which addresses of others the service may call: public ones by HTTPS, none inside anybody's network.

Somebody else names the address, and our function calls it: server-side request forgery (OWASP A10:2021). It is
checked when it is stored, and what its host resolves to when it is called.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from smartident.settings import settings

if TYPE_CHECKING:
    from urllib.parse import SplitResult

MAX_URL = 1024
_MAX_NAME = 253
# Names that no public DNS answers (RFC 6761, RFC 8375, RFC 9476 and the IANA registry of special-use domain names).
SPECIAL_NAMES = (
    *("localhost", "local", "internal", "intranet", "private", "corp", "home", "lan"),
    *("test", "invalid", "onion", "alt", "arpa"),
)
# Where IANA gives IPv6 addresses to networks (RFC 4291); whatever lies beside it translates, is local, or is new.
_UNICAST = ipaddress.ip_network("2000::/3")
# What some Python calls global and is not: shared by carriers, relays of 6to4, protocols (Teredo, ORCHID), 6to4 itself,
# and documentation (the registries of RFC 6890). What an address that translates leads to is not ours to know.
_SPECIAL = [
    *map(ipaddress.ip_network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "192.31.196.0/24")),
    *map(ipaddress.ip_network, ("192.52.193.0/24", "192.175.48.0/24")),
    *map(ipaddress.ip_network, ("2001::/23", "2002::/16", "2620:4f:8000::/48", "3fff::/20")),
]
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_VISIBLE = re.compile(r"[\x21-\x7e]+")


class AddressRefused(Exception):  # noqa: N818  named as a refusal is; its callers say it in their own words
    """The service does not call this address; the message says why, without the address."""


class Target(NamedTuple):
    """Where a request goes."""

    secure: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Where a URL leads, if the service may call it; raises AddressRefused. It asks no name server."""
    if len(url) > MAX_URL or not _VISIBLE.fullmatch(url) or "\\" in url:
        raise AddressRefused("malformed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("malformed") from None
    host = (parts.hostname or "").lower()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if _is_own_loopback(host):
        return Target(parts.scheme == "https", host, port or (443 if parts.scheme == "https" else 80), path)
    _check(parts, host, port)
    return Target(secure=True, host=host, port=443, path=path)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet, or is the loopback of a service that runs there itself."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip.is_loopback and _runs_on_loopback():
        return True
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(str(mapped))
    if ip.is_multicast or ip.is_reserved or not ip.is_global:
        return False
    if ip.version == _UNICAST.version and ip not in _UNICAST:
        return False
    return not any(ip in network for network in _SPECIAL if network.version == ip.version)


def _check(parts: SplitResult, host: str, port: int | None) -> None:
    if parts.scheme != "https" or port not in {None, 443}:
        raise AddressRefused("not https on port 443")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused("user or fragment in the address")
    labels = host.split(".")
    if len(host) > _MAX_NAME or not labels[1:] or not all(map(_LABEL.fullmatch, labels)):
        raise AddressRefused("no public host name")
    # A name whose last label is a number is an IPv4 address to most (WHATWG URL, 3.5).
    if labels[-1] in SPECIAL_NAMES or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise AddressRefused("special-use host name")


def _is_own_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"} and _runs_on_loopback()


def _runs_on_loopback() -> bool:
    # Only a laptop says so: a stack's public URL is one of CloudFront's, or the operator's own.
    return urlsplit(settings().api_url).hostname in {"localhost", "127.0.0.1"}
