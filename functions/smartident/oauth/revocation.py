"""The end of an authorization (RFC 7009): by the client, or because a code or refresh token came twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.oauth.authorization import (
    REVOKED,
    AuthorizationRow,
    authorization_key,
    named_by,
    read_authorization,
)
from smartident.oauth.refresh_tokens import is_refresh_token
from smartident.storage.operations import Update
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.oauth.authorization import Authorization


def revoke(authorization: Authorization) -> None:
    """To revoked, whatever it was: nothing that it gave holds any more."""
    there = AuthorizationRow.pk.exists() & (AuthorizationRow.state != REVOKED)
    update = Update(authorization_key(authorization), [AuthorizationRow.state.set(REVOKED)], there)
    write(update, on_conflict=lambda _: None)
    log_event("authorization_revoked", login_id=authorization.id)


def revoke_token(token: str, *, client_id: str) -> None:
    """End what an access or refresh token of this client belongs to; of any other token nobody learns anything."""
    key = named_by(token) or named_by(token.rpartition(".")[0])
    found = read_authorization(key) if key is not None else None
    if found is None or found.client_id != client_id or found.state == REVOKED:
        return
    if found.is_access_token(token) or is_refresh_token(token, found):
        revoke(found)
