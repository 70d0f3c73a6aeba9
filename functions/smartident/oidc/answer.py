"""The answer to a client at its redirect URI (RFC 6749 4.1.2), which always says who answers (RFC 9207)."""

from __future__ import annotations

from urllib.parse import urlencode


def answer_uri(redirect_uri: str, *, issuer: str, state: str | None, **members: str) -> str:
    """The redirect URI with the answer in its query; what the client had there stays."""
    told = {**members, **({} if state is None else {"state": state}), "iss": issuer}
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(told)}"
