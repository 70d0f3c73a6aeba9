"""Challenges of passkeys: each for one purpose, five minutes, and once. Until one is used, no item holds it.

A challenge is its end, chance, and a MAC over both under the pepper, so asking for one writes nothing.
"""

from __future__ import annotations

import json
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from smartident.crypto.base64url import decode, encode
from smartident.crypto.pepper import constant_time_equals, mac_bytes
from smartident.crypto.random import digest, random_bytes
from smartident.errors import InvalidRequest
from smartident.storage import passkey_keys
from smartident.storage.operations import Put
from smartident.storage.table import DAY, Row

LIFETIME = 300
# What a challenge is for: to log in, or to make a passkey in one login alone.
LOGIN, CREATION = "passkey-login", "passkey-creation"
_END_BYTES, _RANDOM_BYTES, _MAC_BYTES = 5, 16, 16


class UsedChallengeRow(Row, discriminator="challenge"):
    """`CHALLENGE#<hash>` | `USED`: a challenge that was used, and the login or passkey that came of it."""

    used_by = UnicodeAttribute()


def new_challenge(purpose: str, bound_to: str = "", *, now: int) -> str:
    """A challenge for this purpose, in base64url."""
    text = (now + LIFETIME).to_bytes(_END_BYTES) + random_bytes(_RANDOM_BYTES)
    return encode(text + _mac(text, purpose, bound_to))


def is_challenge(challenge: str, purpose: str, bound_to: str = "", *, now: int) -> bool:
    """Whether we gave out this challenge for this purpose, and its time is not over."""
    try:
        raw = decode(challenge, field="challenge")
    except InvalidRequest:
        return False
    text, given = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    fits = constant_time_equals(encode(given), encode(_mac(text, purpose, bound_to)))
    return fits and end_of(challenge) > now


def end_of(challenge: str) -> int:
    """When this challenge is over; raises InvalidRequest for what is no base64url."""
    return int.from_bytes(decode(challenge, field="challenge")[:_END_BYTES])


def challenge_in(credential: dict[str, Any]) -> str:
    """The challenge that a browser says it was asked, not verified yet; an empty text, which never is one of ours."""
    try:
        said = json.loads(decode(credential["response"]["clientDataJSON"], field="clientDataJSON"))["challenge"]
    except (InvalidRequest, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return said if isinstance(said, str) else ""


def use(challenge: str, *, by: str, now: int) -> Put:
    """Let a transaction hold only while the challenge was not used. Its item outlasts it by far."""
    return Put(UsedChallengeRow(*passkey_keys.used_challenge(digest(challenge)), used_by=by, ttl=now + DAY))


def _mac(text: bytes, purpose: str, bound_to: str) -> bytes:
    return mac_bytes(purpose, encode(text), bound_to)[:_MAC_BYTES]
