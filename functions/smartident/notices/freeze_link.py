"""The link in each notice by which its reader freezes the account: a token that only the pepper makes.

The page has it in the fragment of its address, which no browser sends and no server logs, and posts it at a press of
the button: a mail scanner that opens links changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smartident.crypto.item_mac import grant_mac, is_genuine
from smartident.errors import FreezeLinkExpired, FreezeLinkInvalid
from smartident.notices.outbox import NoticeRow, is_ours, notice_of
from smartident.storage import keys
from smartident.storage.operations import Update
from smartident.storage.table import DAY

if TYPE_CHECKING:
    from smartident.notices.outbox import Notice

LIFETIME = 7 * DAY
_PARTS = 4


class FreezeLink(NamedTuple):
    """Which notice of which account a token was sent in."""

    account_id: str
    part: str


def freeze_token(notice: Notice) -> str:
    """The token of a notice: good for one freeze, within seven days of what it tells."""
    expires_at = notice.at + LIFETIME
    return f"{notice.account_id}.{notice.part}.{expires_at}.{_mac(notice.account_id, notice.part, expires_at)}"


def read_freeze_token(token: str, *, now: int) -> FreezeLink:
    """What a token stands for; raises FreezeLinkInvalid, or FreezeLinkExpired after its seven days. Reads nothing."""
    parts = token.split(".")
    if len(parts) != _PARTS or not (parts[2].isascii() and parts[2].isdigit()):
        raise FreezeLinkInvalid("not a token")
    account_id, part, expires_at = parts[0], parts[1], int(parts[2])
    if not is_genuine(parts[3], _mac(account_id, part, expires_at)):
        raise FreezeLinkInvalid("not of ours")
    if expires_at <= now:
        raise FreezeLinkExpired
    return FreezeLink(account_id, part)


def read_notice(account_id: str, part: str) -> Notice | None:
    """One notice as it stands, or None if it is gone or not ours."""
    try:
        row = NoticeRow.get(*keys.notice(account_id, part), consistent_read=True)
    except NoticeRow.DoesNotExist:
        return None
    return notice_of(row) if is_ours(row) else None


def use_link(told: Notice, *, now: int) -> Update:
    """Use up the link of a notice, once."""
    unused = NoticeRow.event.exists() & NoticeRow.link_used_at.does_not_exist()
    return Update(NoticeRow(*keys.notice(told.account_id, told.part)), [NoticeRow.link_used_at.set(now)], unused)


def _mac(account_id: str, part: str, expires_at: int) -> str:
    return grant_mac("freeze-link", account_id, part, expires_at)
