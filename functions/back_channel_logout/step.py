"""After the story: clients hear that a session ended (OpenID Connect Back-Channel Logout 1.0).

What is written in the outbox is believed of nobody: a session counts as ended only by its own item or its account's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from smartident.accounts.item.grant_epoch import read_standing
from smartident.clients.client_cache import find_client
from smartident.errors import ServiceUnavailable, SigningUnavailable
from smartident.outbound.address import AddressRefused, target_of
from smartident.outbound.post import Answer, NotDelivered
from smartident.sessions.logout_outbox import TOLD, LogoutClaimed, claim, give_back, mark
from smartident.sessions.session import ACTIVE, ENDED, read_session, sessions_of
from smartident.settings import settings
from smartident.tokens.id_token import sign
from smartident.tokens.logout_token import TYPE, logout_claims

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smartident.clients.client import Client
    from smartident.sessions.logout_outbox import Logout
    from smartident.sessions.session import Session

HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
# So many at once: each takes two seconds at most, and the function's time is bounded.
MAX_POSTS = 8
OK, REDIRECTION, SERVER_ERROR = 200, 300, 500
# The only refusals of a client's server that asking again may turn.
PASSING = {408, 425, 429}


class Post(Protocol):
    """One POST to an address that a client named."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once; raises NotDelivered."""


def tell_clients(account_id: str, sort_key: str, *, post: Post, now: int) -> None:
    """Have every client of what ended hear of it; raises ServiceUnavailable if one is left that may yet hear.

    Who has heard is not told again. A crash between the message and the note of it tells one client twice, with the
    same `jti`.
    """
    try:
        logout = claim(account_id, sort_key, now=now)
        if logout is not None:
            _tell(logout, post=post, now=now)
    except LogoutClaimed:
        raise ServiceUnavailable("another worker tells this logout") from None


def _tell(logout: Logout, *, post: Post, now: int) -> None:
    left = False
    for place, (session, client, uri) in enumerate(_to_be_told(logout, now=now)):
        name = f"{session.part}/{client.id}"
        outcome = _sent(logout, session, client, uri, post=post, now=now) if place < MAX_POSTS else None
        if outcome is None:
            left = True
        else:
            mark(logout, told=[name] if outcome else (), untold=() if outcome else [name])
    if left:
        give_back(logout)
        raise ServiceUnavailable("a client is still to be told")
    mark(logout, state=TOLD)


def _to_be_told(logout: Logout, *, now: int) -> Iterator[tuple[Session, Client, str]]:
    for session in _ended(logout):
        for client_id in sorted(session.clients):
            client = find_client(client_id, now=now)
            uri = None if client is None else client.backchannel_logout_uri
            if client is not None and uri is not None and f"{session.part}/{client_id}" not in logout.done:
                yield session, client, uri


def _ended(logout: Logout) -> list[Session]:
    """The sessions that ended, as their own items and their account's say."""
    if logout.session is not None:
        found = read_session(f"{logout.account_id}.{logout.session}")
        return [found] if found is not None and found.state == ENDED else []
    epoch, present = logout.ended_epoch, read_standing(logout.account_id).grant_epoch
    if epoch is None or present <= epoch:
        return []
    return [one for one in sessions_of(logout.account_id) if one.state == ACTIVE and one.grant_epoch == epoch]


def _sent(logout: Logout, session: Session, client: Client, uri: str, *, post: Post, now: int) -> bool | None:
    """Whether the client has heard, or never will; None if it may the next time."""
    claims = logout_claims(
        issuer=settings().api_url,
        client_id=client.id,
        account_id=session.account_id,
        sid=session.id,
        event_id=logout.part,
        now=now,
    )
    try:
        target_of(uri)
        body = urlencode({"logout_token": sign(claims, alg=client.id_token_alg, typ=TYPE)}).encode()
        status = post(uri, body, HEADERS).status
    except AddressRefused:
        return False
    except (NotDelivered, SigningUnavailable):
        return None
    if status >= SERVER_ERROR or status in PASSING:
        return None
    return OK <= status < REDIRECTION
