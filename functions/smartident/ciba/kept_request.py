"""A client's request as the table keeps it until somebody decided: what it asked, and when it may ask for the outcome.

It lies under the digest of its auth_req_id, so that who reads the table can poll for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.ciba.auth_req_id import auth_req_id_of
from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.random import digest
from smartident.storage import ciba_keys
from smartident.storage.operations import Put
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from smartident.ciba.request import BackchannelRequest

INTERVAL = 2
"""Seconds between two polls; the first may come at once."""


class BackchannelRequestRow(Row, discriminator="backchannel_request"):
    """`OAUTH#<digest>` | `BACKCHANNEL`: which login a client's request began, and when its next poll may come."""

    login_id = UnicodeAttribute()
    client = UnicodeAttribute()
    scope = UnicodeAttribute()
    # Only of a client that is pinged: by this it knows us.
    notification_token = UnicodeAttribute(null=True)
    interval = NumberAttribute(default=INTERVAL)
    next_poll_at = NumberAttribute(default=0)
    request_mac = UnicodeAttribute()


def keep(asked: BackchannelRequest, *, login_id: str, client_id: str, now: int) -> Put:
    """Keep the request of a login, in the transaction that begins it."""
    row = BackchannelRequestRow(
        *ciba_keys.request(digest(auth_req_id_of(login_id))),
        login_id=login_id,
        client=client_id,
        scope=asked.scope,
        notification_token=asked.notification_token,
        ttl=now + DAY,
    )
    row.request_mac = _mac(row)
    # The auth_req_id is this login's alone, and so is its row.
    return Put(row, is_own=lambda found: found.login_id == login_id)


def row_of(auth_req_id: str) -> BackchannelRequestRow:
    """The row of a request by its key alone, for a write."""
    return BackchannelRequestRow(*ciba_keys.request(digest(auth_req_id)))


def read_request(login_id: str) -> BackchannelRequestRow | None:
    """What was asked with a login, or None if it is not there or not of our own making."""
    key = ciba_keys.request(digest(auth_req_id_of(login_id)))
    try:
        row = BackchannelRequestRow.get(*key, consistent_read=True)
    except BackchannelRequestRow.DoesNotExist:
        return None
    return row if is_own(row) else None


def is_own(row: BackchannelRequestRow) -> bool:
    """Whether our own code has written what the row grants; anything else rings the alarm."""
    if is_genuine(row.request_mac, _mac(row)):
        return True
    report_forged("backchannel_request")
    return False


def _mac(row: BackchannelRequestRow) -> str:
    return grant_mac("backchannel-request", row.pk, row.login_id, row.client, row.scope, row.notification_token)
