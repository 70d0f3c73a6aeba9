"""Tries of a password, and how each of them ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.item import (
    AccountRow,
    read_item,
)
from smartident.errors import InvalidCredentials, TooManyAttempts
from tests.support.world import HOME

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

WRONG = "falsch"


def tried(world: World, account: Account, password: str = WRONG, *, source: str = HOME) -> str | int:
    """How a start ends: in, wrong, or the seconds to wait."""
    try:
        world.start(account, password=password, source=source)
    except InvalidCredentials:
        return "wrong"
    except TooManyAttempts as refused:
        seconds = refused.details["retry_after"]
        assert isinstance(seconds, int)
        return seconds
    return "in"


def guard_of(account: Account) -> AccountRow:
    """The row that counts an account's tries, as it lies in the table."""
    row = read_item(account.id)
    assert row is not None
    return row
