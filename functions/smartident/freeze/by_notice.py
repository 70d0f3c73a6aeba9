"""A freeze by the link of a notice: without a phone, once a link, and twice a day at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import AccountNotFound
from smartident.accounts.account_change import AccountChange, change_of
from smartident.devices.snapshot import read_snapshot
from smartident.errors import FreezeLinkInvalid, FreezeLinkUsed, TooManyFreezes
from smartident.freeze.ending import change_account
from smartident.freeze.freeze import frozen_by
from smartident.notices.freeze_link import read_freeze_token, read_notice, use_link
from smartident.notices.outbox import NOTICE, notice, recent_notices
from smartident.storage.table import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.logins.login import Login

# Who reads somebody's mail must not keep them out for ever.
MAX_A_DAY = 2


def freeze_by_notice(token: str, *, origin: str = "", now: int) -> Sequence[Login]:
    """Let nobody in, on record as asked for by a notice's link; the logins that ended.

    A frozen account stays as it is, and so does the link.

    Raises FreezeLinkInvalid, FreezeLinkExpired, FreezeLinkUsed or TooManyFreezes.
    """
    link = read_freeze_token(token, now=now)

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.frozen:
            return None
        # Read after the account: of two freezes at once, the second is composed again.
        told = read_notice(account.id, link.part)
        if told is None:
            raise FreezeLinkInvalid("its notice is gone")
        if told.is_link_used:
            raise FreezeLinkUsed
        _check_limit(account.id, now=now)
        change = change_of(account)
        change.record("account_frozen", now=now)
        change.also([use_link(told, now=now), notice(account.id, "account_frozen", now=now, origin=origin, by=NOTICE)])
        return frozen_by(change, read_snapshot(account.id, now=now), now=now)

    try:
        return change_account(link.account_id, compose)
    except AccountNotFound:
        raise FreezeLinkInvalid("its account is gone") from None


def _check_limit(account_id: str, *, now: int) -> None:
    """Raise TooManyFreezes after the second freeze by a link within a day."""
    recent = recent_notices(account_id, since=now - DAY)
    freezes = [one.at for one in recent if (one.event, one.by) == ("account_frozen", NOTICE) and one.at > now - DAY]
    if len(freezes) >= MAX_A_DAY:
        raise TooManyFreezes(retry_after=sorted(freezes)[-MAX_A_DAY] + DAY - now)
