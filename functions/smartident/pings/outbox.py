"""Pings (CIBA Core 10.2): that a client has something to ask for, written in the transaction of the decision.

The table's stream has them sent. A ping says nothing: who gets it has to ask, and to prove who it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.clients.backchannel import PING
from smartident.storage import ciba_keys
from smartident.storage.operations import Put, Update
from smartident.storage.table import DAY, Row
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.logins.login import Login

PENDING, SENT, REFUSED = "pending", "sent", "refused"
# No longer than a client that was never pinged would wait anyway.
USEFUL_SECONDS = 300


class PingRow(Row, discriminator="ping"):
    """`<account_id>` | `PING#<newest first><id>#<outcome>`: that a client is to hear of a login, and whether it did."""

    state = UnicodeAttribute()
    at = NumberAttribute()


def pings_of(login: Login, *, outcome: str, now: int) -> list[Put]:
    """The ping of a decision, where the login's client wants one."""
    if login.delivery != PING:
        return []
    row = PingRow(*ciba_keys.ping(login.account_id, login.part, outcome), state=PENDING, at=now, ttl=now + DAY)
    # Its login's own condition lets it be written once.
    return [Put(row, replaces=True)]


def login_of_ping(account_id: str, sort_key: str) -> str:
    """The login that a ping is about."""
    return ciba_keys.pinged_login(account_id, sort_key)


def is_due(account_id: str, sort_key: str, *, now: int) -> bool:
    """Whether the ping is still to be sent."""
    try:
        row = PingRow.get(account_id, sort_key, consistent_read=True)
    except PingRow.DoesNotExist:
        return False
    return row.state == PENDING and now < int(row.at) + USEFUL_SECONDS


def mark(account_id: str, sort_key: str, *, state: str) -> None:
    """Keep that the client heard it, or does not want to; a ping that comes twice harms nobody."""
    row = PingRow(account_id, sort_key)
    write(Update(row, [PingRow.state.set(state)], PingRow.state == PENDING), on_conflict=lambda _: None)
    login_id = login_of_ping(account_id, sort_key)
    if state == SENT:
        log_event("ping_sent", login_id=login_id)
    else:
        log_event("ping_refused", login_id=login_id)
