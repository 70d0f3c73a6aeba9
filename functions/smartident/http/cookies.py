"""The one cookie: the token of a trusted browser, where page and API share a host; no script reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.shared.cookies import Cookie

NAME = "__Host-smartident-browser"


def token_in(event: Mapping[str, Any]) -> str:
    """The token in the cookies of an event (payload 2.0), or an empty text."""
    pairs = (cookie.partition("=") for cookie in event.get("cookies") or ())
    return next((value for name, _, value in pairs if name == NAME), "")


def holding(token: str) -> Cookie:
    """The cookie that keeps the token: for this host alone, and for no request that another site causes."""
    from aws_lambda_powertools.shared.cookies import Cookie, SameSite  # noqa: PLC0415  only `complete` sets it

    from smartident.rate_limiting.trusted_browser import MAX_AGE  # noqa: PLC0415

    return Cookie(NAME, token, path="/", http_only=True, max_age=MAX_AGE, same_site=SameSite.STRICT_MODE)
