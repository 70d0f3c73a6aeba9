"""Grants: every item that lets somebody in has a MAC under the pepper over what it grants, its state included.

Who can only write the table has no pepper: an item that was put there by hand, changed, or moved to another account
fits no MAC. Code that acts on an item asks here first, and an item that does not fit counts as none.
"""

from __future__ import annotations

import json

from smartident.crypto.pepper import constant_time_equals, mac
from smartident.telemetry import log_event

# 128 bits in base64url.
MAC_LENGTH = 22


def grant_mac(kind: str, *content: object) -> str:
    """The MAC of an item of this kind over all that it grants; JSON sets every member apart from its neighbours.

    It is cut to 128 bits (RFC 2104, section 5): a login with its receipt then still is two write units.
    """
    return mac(f"grant-{kind}", json.dumps(content, separators=(",", ":"), allow_nan=False))[:MAC_LENGTH]


def is_genuine(kept: str | None, expected: str) -> bool:
    """Whether the MAC that an item has is the right one, compared in constant time."""
    return constant_time_equals(kept or "", expected)


def report_forged(kind: str) -> None:
    """Ring the alarm (ForgedItems): an item of this kind was written by somebody without the pepper, or put back."""
    log_event("grant_refused", reason=kind)
