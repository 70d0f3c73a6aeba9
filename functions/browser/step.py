"""The browser's WebSocket: it hears hints about one login, never a secret."""

from __future__ import annotations

from smartident.errors import LoginNotFound, OriginRefused
from smartident.logins.reading import read_login
from smartident.logins.socket_tickets import SUBPROTOCOL, TICKET_LENGTH, bind_connection
from smartident.logins.uniform_login import login_flow
from smartident.settings import settings


def connect(*, origin: str, protocols: str, connection_id: str, now: int) -> str:
    """The subprotocol to answer, once the page's origin is allowed and its ticket opened this connection.

    Raises OriginRefused or LoginNotFound.
    """
    if origin not in settings().allowed_origins:
        raise OriginRefused
    offered = [name.strip() for name in protocols.split(",")]
    if len(offered) != 2 or offered[0] != SUBPROTOCOL:  # noqa: PLR2004  the subprotocol and the ticket
        raise LoginNotFound("no ticket")
    login_id, dot, ticket = offered[1].rpartition(".")
    if not dot or len(ticket) != TICKET_LENGTH:
        raise LoginNotFound("no ticket")
    bind_connection(login_id, ticket, connection_id, now=now)
    return SUBPROTOCOL


def status(login_id: str, *, connection_id: str, now: int) -> dict[str, str]:
    """The hint for the connection that the login is bound to; raises LoginNotFound for every other."""
    login_flow().check_visible(login_id, now=now)
    login = read_login(login_id)
    if login.connection_id != connection_id:
        raise LoginNotFound("another connection")
    return login.status_message(now)
