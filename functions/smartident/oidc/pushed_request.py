"""Pushed authorization requests (RFC 9126): a client leaves its request here and sends its people with a reference.

The reference counts for one minute, and for one code: it is used up by the login, not by the first visit, so that a
page may be loaded again.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.random import digest, new_login_token
from smartident.oauth.oauth_errors import Unredirectable
from smartident.oidc.authorization_request import AuthorizationRequest
from smartident.storage import client_keys
from smartident.storage.operations import Put, Update
from smartident.storage.table import DAY, Row
from smartident.storage.writes import write

PREFIX = "urn:ietf:params:oauth:request_uri:"
LIFETIME = 60
KIND = "REQUEST"


class PushedRequestRow(Row, discriminator="pushed_request"):
    """`OAUTH#<digest>` | `REQUEST`: what a client asked, until when, and by which login it was used."""

    client = UnicodeAttribute()
    request = UnicodeAttribute()
    expires_at = NumberAttribute()
    used_by = UnicodeAttribute(null=True)
    request_mac = UnicodeAttribute()


def push_request(request: AuthorizationRequest, *, now: int) -> str:
    """The reference to a checked request, which its client alone may use."""
    request_uri = PREFIX + new_login_token()
    content = json.dumps(asdict(request), separators=(",", ":"))
    row = PushedRequestRow(
        *client_keys.of_client(KIND, digest(request_uri)),
        client=request.client_id,
        request=content,
        expires_at=now + LIFETIME,
        request_mac=_mac(digest(request_uri), request.client_id, content, now + LIFETIME),
        ttl=now + DAY,
    )
    # A random reference is nobody else's.
    write(Put(row, replaces=True), on_conflict=lambda _: None)
    return request_uri


def find_request(request_uri: str, *, client_id: str, now: int) -> AuthorizationRequest:
    """The request that this client left; raises Unredirectable if it is unknown, over or used."""
    name = digest(request_uri)
    try:
        row = PushedRequestRow.get(*client_keys.of_client(KIND, name), consistent_read=True)
    except PushedRequestRow.DoesNotExist:
        raise Unredirectable("unknown request_uri") from None
    if not is_genuine(row.request_mac, _mac(name, row.client, row.request, int(row.expires_at))):
        report_forged("pushed_request")
        raise Unredirectable("unknown request_uri")
    if row.client != client_id or row.used_by or int(row.expires_at) <= now:
        raise Unredirectable("request_uri is another client's, used or over")
    return AuthorizationRequest(**json.loads(row.request))


def used_by_login(name: str, login_id: str) -> Update:
    """Use a pushed request up, together with the code that a login gives for it."""
    unused = PushedRequestRow.pk.exists() & PushedRequestRow.used_by.does_not_exist()
    row = PushedRequestRow(*client_keys.of_client(KIND, name))
    return Update(row, [PushedRequestRow.used_by.set(login_id)], unused, is_own=lambda found: found.used_by == login_id)


def _mac(name: str, client_id: str, request: str, expires_at: int) -> str:
    return grant_mac("pushed-request", name, client_id, request, expires_at)
