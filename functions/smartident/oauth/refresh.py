"""The refresh itself: one conditional write from one generation of tokens to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smartident.accounts.item.grant_epoch import Standing, read_standing
from smartident.crypto.random import digest, new_login_token
from smartident.oauth.authorization import (
    ACTIVE,
    Authorization,
    AuthorizationRow,
    authorization_key,
    authorization_mac,
    key_actions,
    read_authorization,
)
from smartident.oauth.codes import ACCESS_LIFETIME
from smartident.oauth.oauth_errors import InvalidGrant
from smartident.oauth.refresh_tokens import is_refresh_token, is_reuse, next_refresh, read_token, refresh_actions
from smartident.oauth.revocation import revoke
from smartident.storage import client_keys
from smartident.storage.operations import Again, Update
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.storage.operations import FailedConditions


def check_refresh_token(
    token: str, *, client_id: str, overtaken: bool, now: int
) -> tuple[Authorization, Authorization, Standing]:
    """The authorization as it is and as the refresh leaves it, and how its account stands; raises InvalidGrant.

    A token that was replaced before ends everything: one of the two who had it is a thief. Not so if it was replaced
    while this very request was `overtaken`: it was good when it came.
    """
    shown = read_token(token)
    key = client_keys.authorization(shown.authorization_id) if shown is not None else None
    found = read_authorization(key) if key is not None else None
    if shown is None or found is None or found.client_id != client_id or not is_refresh_token(token, found):
        raise InvalidGrant("no such refresh token of this client")
    if found.state != ACTIVE:
        raise InvalidGrant("what it belongs to has ended")
    if is_reuse(found, shown.generation, now=now):
        if not overtaken:
            revoke(found)
        raise InvalidGrant("the refresh token was replaced before")
    account = read_standing(found.account_id)
    if account.grant_epoch != found.grant_epoch:
        raise InvalidGrant("what the account granted has ended")
    return found, next_refresh(found, shown.generation, now=now), account


def refresh(before: Authorization, after: Authorization, *, now: int) -> str | None:
    """A new access token in place of the one before; None if somebody else was faster, so that one looks again."""
    token = f"{after.id}.{new_login_token()}"
    token_hash, expires_at = digest(token), now + ACCESS_LIFETIME
    written = replace(after, access_token_hash=token_hash, access_expires_at=expires_at)
    actions: list[Any] = [
        AuthorizationRow.access_token_hash.set(token_hash),
        AuthorizationRow.access_expires_at.set(expires_at),
        AuthorizationRow.authorization_mac.set(authorization_mac(written)),
        *key_actions(written),
        *refresh_actions(written),
    ]
    as_read = (AuthorizationRow.state == ACTIVE) & (AuthorizationRow.authorization_mac == authorization_mac(before))

    def on_conflict(_: FailedConditions) -> Again[None]:
        return Again(None)

    update = Update(
        authorization_key(after), actions, as_read, is_own=lambda found: found.access_token_hash == token_hash
    )
    if write(update, on_conflict=on_conflict) is not None:
        return None
    log_event("tokens_refreshed", login_id=after.id)
    return token
