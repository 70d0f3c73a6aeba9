"""The links of notices, as a person finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.notices.freeze_link import freeze_token
from smartident.notices.outbox import notice, recent_notices
from smartident.storage.writes import write

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def told(account: Account, *, now: int) -> str:
    """The token of a notice that is told now."""
    before = {one.part for one in recent_notices(account.id, since=0)}
    write(notice(account.id, "not_me", now=now), on_conflict=lambda _: pytest.fail("it stood there"))
    (new,) = (one for one in recent_notices(account.id, since=0) if one.part not in before)
    return freeze_token(new)
