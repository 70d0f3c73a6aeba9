"""Socket tickets: a hash chain that hangs on the login token, each link opens one WebSocket connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.crypto.random import digest
from smartident.errors import LoginNotFound
from smartident.logins.login import Login, LoginRow, login_of, row_key
from smartident.storage.operations import Update
from smartident.storage.writes import write

if TYPE_CHECKING:
    from smartident.storage.operations import FailedConditions

# Of the WebSocket, which carries a ticket beside it.
SUBPROTOCOL = "smartident.v1"
TICKETS = 8
# A ticket is a SHA-256 in base64url. The chain begins with a longer text that holds the token and is no ticket.
TICKET_LENGTH = 43


def first_ticket(login_token: str) -> str:
    """The first of the tickets that derive from a token; only the token's owner can compute the next ones."""
    ticket = digest("smartident-ticket:v1:" + login_token)
    for _ in range(TICKETS - 1):
        ticket = digest(ticket)
    return ticket


def earlier_tickets(ticket: str) -> list[str]:
    """What the table may hold before this ticket is used: its hash, or the hash of links that got lost before it."""
    chain = [digest(ticket)]
    for _ in range(TICKETS - 1):
        chain.append(digest(chain[-1]))
    return chain


def bind_connection(login_id: str, ticket: str, connection_id: str, *, now: int) -> Login:
    """Tie a WebSocket to the login that its ticket is for; each ticket opens one connection.

    Raises LoginNotFound for a ticket that is wrong, used, or later than the login's time.
    """
    row = row_key(login_id)
    alive = (LoginRow.expires_at > now) | (LoginRow.complete_by > now)
    actions: list[Any] = [LoginRow.ticket_hash.set(ticket), LoginRow.connection_id.set(connection_id)]
    unused = LoginRow.ticket_hash.is_in(*earlier_tickets(ticket))
    # A used ticket stands there itself, beside the one connection that it opened.
    bind = Update(
        row,
        actions,
        unused & alive,
        is_own=lambda found: (found.ticket_hash, found.connection_id) == (ticket, connection_id),
    )
    write(bind, on_conflict=_refuse_ticket)
    return login_of(row)


def _refuse_ticket(_: FailedConditions) -> None:
    raise LoginNotFound
