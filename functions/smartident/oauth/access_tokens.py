"""Access tokens (RFC 6750): opaque, for five minutes, and for as long as their authorization and account allow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import Account, read_account
from smartident.clients.client_cache import find_client
from smartident.oauth.authorization import ACTIVE, named_by, read_authorization
from smartident.oauth.oauth_errors import InvalidToken

if TYPE_CHECKING:
    from smartident.oauth.authorization import Authorization


def check_access_token(token: str, *, now: int) -> tuple[Authorization, Account]:
    """What the token was given for, and whose it is; raises InvalidToken."""
    key = named_by(token)
    found = read_authorization(key) if key is not None else None
    if found is None or found.state != ACTIVE or not found.is_access_token(token):
        raise InvalidToken("unknown or revoked")
    if (found.access_expires_at or 0) <= now:
        raise InvalidToken("the token is over")
    if find_client(found.client_id, now=now) is None:
        raise InvalidToken("its client was removed")
    account = read_account(found.account_id)
    if account is None or account.frozen or account.grant_epoch != found.grant_epoch:
        raise InvalidToken("what the account granted has ended")
    return found, account
