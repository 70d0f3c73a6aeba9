"""Refresh tokens (RFC 6749 6, RFC 9700 2.2.2): each is replaced when it is used, and an old one ends all.

A token is a MAC over its authorization and generation, so every earlier one is recognised, and the table holds none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from smartident.crypto.pepper import constant_time_equals, mac
from smartident.oauth.authorization import AuthorizationRow
from smartident.oauth.oauth_errors import InvalidGrant

if TYPE_CHECKING:
    from smartident.oauth.authorization import Authorization

OFFLINE = "offline_access"
MAX_AGE = 30 * 86_400
"""Seconds after the login for which its tokens may be refreshed, whatever happens."""
MAX_IDLE = 7 * 86_400
"""Seconds without a refresh after which no further one is possible."""
REPEAT_WINDOW = 30
"""Seconds for which the token before counts as a repeat of a request whose answer got lost."""


class Shown(NamedTuple):
    """What a refresh token says of itself."""

    authorization_id: str
    generation: int


def refresh_token(authorization: Authorization) -> str | None:
    """The refresh token of an authorization as it is now, or None if it has none."""
    if authorization.refresh_generation is None:
        return None
    return _token(authorization, authorization.refresh_generation)


def is_refresh_token(token: str, authorization: Authorization) -> bool:
    """Whether this is, or was, a refresh token of the authorization."""
    shown = read_token(token)
    return (
        shown is not None
        and authorization.refresh_generation is not None
        and 0 < shown.generation <= authorization.refresh_generation
        and constant_time_equals(token, _token(authorization, shown.generation))
    )


def read_token(token: str) -> Shown | None:
    """What a token says, not verified yet; None for what is no refresh token."""
    named, _, _ = token.rpartition(".")
    authorization_id, _, generation = named.rpartition(".")
    is_number = generation.isascii() and generation.isdigit() and len(generation) < len(str(MAX_AGE))
    return Shown(authorization_id, int(generation)) if authorization_id and is_number else None


def first_refresh(authorization: Authorization, *, now: int) -> dict[str, Any]:
    """What a redeemed code adds to its authorization: the first generation, where the scope asks for it."""
    if OFFLINE not in authorization.scope.split():
        return {}
    return {"refresh_generation": 1, "refreshed_at": now, "refresh_until": min(now + MAX_IDLE, _end(authorization))}


def next_refresh(authorization: Authorization, generation: int, *, now: int) -> Authorization:
    """The authorization with the generation after this one: the present one again for a repeat. Raises InvalidGrant."""
    present = authorization.refresh_generation or 0
    if (authorization.refresh_until or 0) <= now:
        raise InvalidGrant("the refresh token is over")
    if generation < present:
        return authorization
    until = min(now + MAX_IDLE, _end(authorization))
    return replace(authorization, refresh_generation=present + 1, refreshed_at=now, refresh_until=until)


def is_reuse(authorization: Authorization, generation: int, *, now: int) -> bool:
    """Whether a token of this generation was replaced so long ago that it is stolen, and no repeat."""
    present = authorization.refresh_generation or 0
    repeat = generation == present - 1 and now < (authorization.refreshed_at or 0) + REPEAT_WINDOW
    return generation < present and not repeat


def refresh_actions(authorization: Authorization) -> list[Any]:
    """What to write of it."""
    if authorization.refresh_generation is None:
        return []
    until = authorization.refresh_until or 0
    return [
        AuthorizationRow.refresh_generation.set(authorization.refresh_generation),
        AuthorizationRow.refreshed_at.set(authorization.refreshed_at or 0),
        AuthorizationRow.refresh_until.set(until),
        AuthorizationRow.ttl.set(until),
    ]


def _end(authorization: Authorization) -> int:
    return authorization.auth_time + MAX_AGE


def _token(authorization: Authorization, generation: int) -> str:
    secret = mac("oauth-refresh", authorization.id, str(generation), authorization.code_hash)
    return f"{authorization.id}.{generation}.{secret}"
