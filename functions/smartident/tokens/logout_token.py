"""The logout token (OpenID Connect Back-Channel Logout 1.0, 2.4): what tells a client's server that a session ended."""

from __future__ import annotations

from typing import Any

from smartident.crypto.random import digest

LIFETIME = 120
TYPE = "logout+jwt"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def logout_claims(*, issuer: str, client_id: str, account_id: str, sid: str, event_id: str, now: int) -> dict[str, Any]:
    """The claims for one client. The same event and session always have the same `jti`, so that a repeat is known."""
    return {
        "iss": issuer,
        "aud": client_id,
        "sub": account_id,
        "sid": sid,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": digest(f"smartident-logout:v1:{event_id}:{sid}:{client_id}"),
        "events": {EVENT: {}},
    }
