"""Where a request comes from: the one module that believes CloudFront's headers, and only with the origin's secret.

CloudFront replaces what a viewer sends under these names. Only the secret distinguishes CloudFront from a caller that
reaches API Gateway's own host, so without the secret such a call is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote

from smartident.crypto.pepper import constant_time_equals
from smartident.errors import PublicUrlRequired
from smartident.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET = "x-smartident-origin-secret"  # noqa: S105  the header's name
UNKNOWN_ADDRESS = "?"
MAX_CITY = 48
MAX_ASN = 2**32
_COUNTRY_LENGTH = 2
_MAX_REGION_LENGTH = 3
# ISO 3166 leaves XX and ZZ to their users; databases of addresses name half a world by the others (Europe, Asia and
# the Pacific). As a country they say that nobody knows it.
_NO_COUNTRY = {"AP", "EU", "XX", "ZZ"}


@dataclass(frozen=True)
class Viewer:
    """Who asked, as far as the network knows: the address, and place and network (RFC 6793) where CloudFront knows."""

    address: str
    country: str | None = None
    region: str | None = None
    city: str | None = None
    asn: int | None = None

    @property
    def place(self) -> str | None:
        """The place as the app shows it, such as `Frankfurt, DE`; None without a country."""
        return f"{self.city}, {self.country}" if self.city and self.country else self.country


def came_by_public_url(headers: Mapping[str, str]) -> bool:
    """Whether a request came through CloudFront, or the stack has none in front. Header names are in lower case.

    Two secrets count, so that one can be replaced while the other is in use.
    """
    secrets, sent = settings().origin_secrets, headers.get(SECRET, "")
    # Compare with each: how long it takes tells neither which one matches nor that none does.
    return not secrets or any([constant_time_equals(sent, secret) for secret in secrets])  # noqa: C419  as said


def check_came_by_public_url(headers: Mapping[str, str]) -> None:
    """Raise PublicUrlRequired for a request that reached API Gateway's own host."""
    if not came_by_public_url(headers):
        raise PublicUrlRequired


def viewer_of(headers: Mapping[str, str], source_ip: str) -> Viewer:
    """Who asked: as CloudFront's headers say where the origin's secret vouches for them, or as API Gateway saw it."""
    if not settings().origin_secrets or not came_by_public_url(headers):
        return Viewer(source_ip)
    return Viewer(
        address=_address(headers.get("cloudfront-viewer-address", "")),
        country=_country(headers.get("cloudfront-viewer-country", "")),
        region=_region(headers.get("cloudfront-viewer-country-region", "")),
        city=_city(headers.get("cloudfront-viewer-city", "")),
        asn=_asn(headers.get("cloudfront-viewer-asn", "")),
    )


def told_address(headers: Mapping[str, str]) -> str | None:
    """The viewer's address as CloudFront tells it; None where API Gateway itself sees who asks."""
    return viewer_of(headers, "").address or None


def _address(text: str) -> str:
    """The address before the port: the last colon ends it, as an IPv6 address may come with or without brackets."""
    address, colon, port = text.strip().rpartition(":")
    if address.startswith("[") and address.endswith("]") and ":" in address:
        address = address[1:-1]
    if not colon or not _is_number(port) or "%" in address:
        return UNKNOWN_ADDRESS
    try:
        parsed = ip_address(address)
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def _country(text: str) -> str | None:
    is_code = len(text) == _COUNTRY_LENGTH and text.isascii() and text.isalpha() and text.isupper()
    return text if is_code and text not in _NO_COUNTRY else None


def _region(text: str) -> str | None:
    return text if 0 < len(text) <= _MAX_REGION_LENGTH and text.isascii() and text.isalnum() else None


def _city(text: str) -> str | None:
    """The name, which CloudFront percent-encodes; two headers joined by a comma name no city."""
    try:
        name = unquote(_of_bytes(text), errors="strict").strip()
    except UnicodeDecodeError:
        return None
    return name if 0 < len(name) <= MAX_CITY and name.isprintable() and "," not in name else None


def _of_bytes(text: str) -> str:
    """A header whose bytes are UTF-8: who reads headers takes each byte for a letter (RFC 9110 5.5)."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _asn(text: str) -> int | None:
    return int(text) if _is_number(text) and 0 < int(text) < MAX_ASN else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ASN))
