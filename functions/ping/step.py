"""After step 8: a client that asked a phone by itself hears that there is something to ask for (CIBA Core 10.2).

It hears nothing else: what was decided it gets at the token endpoint, where it has to prove who it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from smartident.ciba.auth_req_id import auth_req_id_of
from smartident.ciba.kept_request import read_request
from smartident.clients.backchannel import PING
from smartident.clients.client_cache import find_client
from smartident.errors import ServiceUnavailable
from smartident.outbound.address import AddressRefused, target_of
from smartident.outbound.post import Answer, NotDelivered
from smartident.pings.outbox import REFUSED, SENT, is_due, login_of_ping, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

OK, REDIRECTION, SERVER_ERROR = 200, 300, 500
# The only refusals of a client's server that asking again may turn.
PASSING = {408, 425, 429}


class Post(Protocol):
    """One POST to an address that a client named."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once; raises NotDelivered."""


def tell_client(account_id: str, sort_key: str, *, post: Post, now: int) -> None:
    """Ping the client of one decision; raises ServiceUnavailable if it may hear it the next time.

    A client that is not reached polls anyway. A crash after the message sends it twice, which tells nothing new.
    """
    if not is_due(account_id, sort_key, now=now):
        return
    login_id = login_of_ping(account_id, sort_key)
    request = read_request(login_id)
    endpoint = None if request is None else _endpoint(request.client, now=now)
    if request is None or endpoint is None or not request.notification_token:
        mark(account_id, sort_key, state=REFUSED)
        return
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {request.notification_token}"}
    body = json.dumps({"auth_req_id": auth_req_id_of(login_id)}).encode()
    mark(account_id, sort_key, state=SENT if _is_heard(post, endpoint, body, headers) else REFUSED)


def _endpoint(client_id: str, *, now: int) -> str | None:
    """Where the client wants to hear it, as the operator says now."""
    client = find_client(client_id, now=now)
    allowed = None if client is None else client.backchannel
    return allowed.notification_endpoint if allowed is not None and allowed.delivery == PING else None


def _is_heard(post: Post, endpoint: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether the client took it; a redirect, 401 and 403 are final, and nobody reads the answer's body."""
    try:
        target_of(endpoint)
        status = post(endpoint, body, headers).status
    except AddressRefused:
        return False
    except NotDelivered:
        raise ServiceUnavailable("the client was not reached") from None
    if status >= SERVER_ERROR or status in PASSING:
        raise ServiceUnavailable("the client's server is busy")
    return OK <= status < REDIRECTION
