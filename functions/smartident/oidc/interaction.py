"""An interaction: what `authorize` hands to the login page, sealed, so that nothing is stored for who never logs in.

The seal is a MAC under the pepper over the whole request. It is bound to one browser by a cookie: who sends somebody
else a link with his own interaction gets no code by that person's login.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import NamedTuple

from smartident.crypto.base64url import decode, encode
from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import digest
from smartident.errors import LoginExpired, LoginNotFound
from smartident.oidc.authorization_request import AuthorizationRequest

LIFETIME = 600
"""Seconds that a person has from the client's link to the end of the login."""
_PURPOSE = "oidc-interaction"


class Cookies(NamedTuple):
    """What a browser has of us: the secret of its interactions, and its session; each may be an empty text."""

    secret: str
    session: str


@dataclass(frozen=True)
class Interaction:
    """A request that waits for its person, until when, and for which browser."""

    request: AuthorizationRequest
    expires_at: int
    browser: str
    # The pushed request that it came from, which its login uses up.
    pushed: str | None


def seal(request: AuthorizationRequest, *, browser_secret: str, pushed: str | None = None, now: int) -> str:
    """The interaction as the login page carries it."""
    content = {"request": asdict(request), "expires_at": now + LIFETIME, "browser": digest(browser_secret)}
    content |= {"pushed": pushed}
    sealed = encode(json.dumps(content, separators=(",", ":")).encode())
    return f"{sealed}.{mac(_PURPOSE, sealed)}"


def open_interaction(text: str, *, browser_secret: str, now: int) -> Interaction:
    """The interaction that we sealed for this browser; raises LoginNotFound or LoginExpired."""
    sealed, _, kept = text.partition(".")
    if not constant_time_equals(kept, mac(_PURPOSE, sealed)):
        raise LoginNotFound("not sealed by us")
    content = json.loads(decode(sealed, field="interaction"))
    found = Interaction(**{**content, "request": AuthorizationRequest(**content["request"])})
    if not browser_secret or not constant_time_equals(digest(browser_secret), found.browser):
        raise LoginNotFound("begun in another browser")
    if found.expires_at <= now:
        raise LoginExpired("interaction over")
    return found
