"""Tries of a password, and how each of them ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accesses import AccessRow, read_profile
from smartident.errors import InvalidCredentials, TooManyAttempts
from tests.world import HOME

if TYPE_CHECKING:
    from smartident.accesses import Access
    from tests.world import World

WRONG = "falsch"


def tried(world: World, access: Access, password: str = WRONG, *, source: str = HOME) -> str | int:
    """How a start ends: in, wrong, or the seconds to wait."""
    try:
        world.start(access, password=password, source=source)
    except InvalidCredentials:
        return "wrong"
    except TooManyAttempts as refused:
        seconds = refused.details["retry_after"]
        assert isinstance(seconds, int)
        return seconds
    return "in"


def guard_of(access: Access) -> AccessRow:
    """The row that counts an access's tries, as it lies in the table."""
    row = read_profile(access.id)
    assert row is not None
    return row
