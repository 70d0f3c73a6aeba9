"""Passwords that somebody tries, how each attempt ends, and what the account counts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from login.step import Credentials, start_login
from smartident.accounts.item.row import AccountRow, read_item
from smartident.crypto.pepper import mac
from smartident.errors import InvalidCredentials, TooManyAttempts
from smartident.statements.login import RequestOrigin
from smartident.storage import keys
from tests.support.world import AGENT, HOME, ORIGIN

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

WRONG = "falsch"


def attempted(world: World, who: Account | str, password: str = WRONG, *, client_address: str = HOME) -> str | int:
    """How a start ends, for an account or a name: in, wrong, or the seconds to wait."""
    ask = Credentials(who if isinstance(who, str) else who.number, password)
    try:
        start_login(ask, request_origin=RequestOrigin(client_address, AGENT, ORIGIN), now=world.now)
    except InvalidCredentials:
        return "wrong"
    except TooManyAttempts as refused:
        seconds = refused.details["retry_after"]
        assert isinstance(seconds, int)
        return seconds
    return "in"


def item_of(account: Account) -> AccountRow:
    """The account's item as it lies in the table."""
    row = read_item(account.id, with_password_hash=True)
    assert row is not None
    return row


def item_of_unknown_name(name: str) -> AccountRow:
    """The item that counts the attempts for a name of nobody."""
    return AccountRow.get(*keys.unknown_name(mac("identifier", name)), consistent_read=True)
