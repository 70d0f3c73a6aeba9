"""Pairings count among the logins of the last hour: they ring the same phone, so they share its slots and delays."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from typing import TYPE_CHECKING

from smartident.accounts.limits.pending_logins import MAX_REMEMBERED, RECENT_SECONDS, RecentLogin
from smartident.pairing.pairing import APPROVED, USED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.pairing.pairing import Pairing


def recent_pairings(pairing: Pairing | None, *, now: int) -> list[RecentLogin]:
    """What counts of an account's latest pairing and of those before it, newest first."""
    if pairing is None:
        return []
    earlier = [RecentLogin(*members) for members in json.loads(pairing.earlier or "[]")]
    return [one for one in [_as_recent(pairing, now), *earlier] if one.created_at > now - RECENT_SECONDS]


def newest_of(logins: Iterable[RecentLogin], pairings: Iterable[RecentLogin]) -> list[RecentLogin]:
    """Both in one order, newest first."""
    return sorted([*logins, *pairings], key=lambda one: -one.created_at)


def earlier_of(recent: list[RecentLogin]) -> str:
    """What the next pairing keeps of these, which wait no more by then."""
    ended = [astuple(replace(one, is_pending=False)) for one in recent[:MAX_REMEMBERED]]
    return json.dumps(ended, separators=(",", ":"))


def _as_recent(pairing: Pairing, now: int) -> RecentLogin:
    return RecentLogin(
        part=pairing.part,
        pool=pairing.client_address,
        created_at=pairing.created_at,
        expires_at=pairing.expires_at,
        ended_at=pairing.decided_at or pairing.expires_at,
        is_pending=pairing.waits(now),
        was_approved=pairing.state in {APPROVED, USED},
    )
