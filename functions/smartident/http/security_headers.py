"""The headers that every answer of the HTTP API has."""

from __future__ import annotations

from smartident.settings import SettingMissing, settings

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
HSTS = "Strict-Transport-Security"


def security_headers() -> dict[str, str]:
    """The headers, with HSTS as the operator set it; a fault of the settings is still answered, without it."""
    try:
        return {**HEADERS, HSTS: settings().strict_transport_security}
    except SettingMissing:
        return HEADERS
