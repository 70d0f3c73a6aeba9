"""The cookie that binds an interaction to the browser in which it began."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from smartident.oidc.interaction import LIFETIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.shared.cookies import Cookie

_NAME = "smartident-interaction"
# 256 bits in base64url (crypto/random.py).
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def name_of(issuer: str) -> str:
    """The cookie's name."""
    return prefixed(_NAME, issuer)


def secret_in(event: Mapping[str, Any], issuer: str) -> str:
    """The secret in the cookies of an event, or an empty text for anything that is not ours."""
    found = found_in(event, name_of(issuer))
    return found if _SECRET.fullmatch(found) else ""


def holding(secret: str, issuer: str) -> Cookie:
    """The cookie that keeps the secret."""
    return host_cookie(_NAME, secret, issuer, max_age=LIFETIME)


def prefixed(name: str, issuer: str) -> str:
    """A cookie's name. Browsers keep the `__Host-` prefix for hosts reached by TLS, so a laptop does without."""
    return f"__Host-{name}" if issuer.startswith("https:") else name


def found_in(event: Mapping[str, Any], name: str) -> str:
    """The cookie of this name in an event (payload 2.0), or an empty text."""
    pairs = (cookie.partition("=") for cookie in event.get("cookies") or ())
    return next((value for found, _, value in pairs if found == name), "")


def host_cookie(name: str, value: str, issuer: str, *, max_age: int) -> Cookie:
    """A cookie for this host alone. A link from the client's site leads here, so it is not Strict but Lax."""
    from aws_lambda_powertools.shared.cookies import Cookie, SameSite  # noqa: PLC0415  only who sets one loads it

    secure = issuer.startswith("https:")
    return Cookie(
        prefixed(name, issuer),
        value,
        path="/",
        http_only=True,
        max_age=max_age,
        same_site=SameSite.LAX_MODE,
        secure=secure,
    )
