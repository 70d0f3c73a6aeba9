"""The cookie of a browser that stays signed in at the provider."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from smartident.oauth_http.browser_cookie import found_in, host_cookie, prefixed
from smartident.settings import session_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.shared.cookies import Cookie

_NAME = "smartident-session"
# The session's id, and 256 bits in base64url.
_VALUE = re.compile(r"[a-z0-9]{1,64}\.[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{43}")


def session_in(event: Mapping[str, Any], issuer: str) -> str:
    """The session in the cookies of an event, or an empty text for anything that is not ours."""
    found = found_in(event, prefixed(_NAME, issuer))
    return found if _VALUE.fullmatch(found) else ""


def keeping(session: str, issuer: str) -> Cookie:
    """The cookie that keeps a session."""
    return host_cookie(_NAME, session, issuer, max_age=session_settings().session_lifetime)


def forgetting(issuer: str) -> Cookie:
    """The cookie that ends it in the browser."""
    return host_cookie(_NAME, "", issuer, max_age=0)
