"""Socket tickets: a hash chain that hangs on the login token, each link opens one WebSocket connection."""

from __future__ import annotations

from smartident.crypto.random import digest

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
