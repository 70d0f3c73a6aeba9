"""Authorizations: what one completed login granted to one client, from its code to the end of its tokens.

One item for all of it, so that a code that comes twice ends everything that it gave by one write. It lies beside its
login and has the same name, so that no login gives two. Codes and tokens name it; the table has their digests alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.pepper import constant_time_equals
from smartident.crypto.random import digest
from smartident.storage import client_keys, keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

    from smartident.storage.keys import Key

# `code` waits to be redeemed; `active` has tokens; `revoked` is over for good.
CODE, ACTIVE, REVOKED = "code", "active", "revoked"


class AuthorizationRow(Row, discriminator="authorization"):
    """`<account_id>` | `AUTHORIZATION#<newest first><id>`: what a login granted to a client, and until when."""

    state = UnicodeAttribute()
    client = UnicodeAttribute()
    redirect_uri = UnicodeAttribute()
    scope = UnicodeAttribute()
    oidc_nonce = UnicodeAttribute(null=True)
    # The thumbprint of the client's key to which code and tokens are bound (RFC 9449), if they are.
    dpop_jkt = UnicodeAttribute(null=True)
    amr = UnicodeAttribute()
    auth_time = NumberAttribute()
    # The session that it belongs to, where a browser stays signed in.
    session = UnicodeAttribute(null=True)
    code_hash = UnicodeAttribute()
    code_challenge = UnicodeAttribute()
    code_expires_at = NumberAttribute()
    access_token_hash = UnicodeAttribute(null=True)
    access_expires_at = NumberAttribute(null=True)
    # Only with the scope offline_access: how often it was refreshed, when last, and until when it may be.
    refresh_generation = NumberAttribute(null=True)
    refreshed_at = NumberAttribute(null=True)
    refresh_until = NumberAttribute(null=True)
    # The account's epoch that it counts in, and the MAC over what it grants in its state.
    grant_epoch = NumberAttribute()
    authorization_mac = UnicodeAttribute()


@dataclass(frozen=True)
class Authorization:
    """One authorization as it stood when it was read."""

    id: str
    state: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    amr: tuple[str, ...]
    auth_time: int
    session: str | None
    code_expires_at: int
    access_expires_at: int | None
    refresh_generation: int | None
    refreshed_at: int | None
    refresh_until: int | None
    grant_epoch: int
    code_hash: str = field(repr=False)
    code_challenge: str = field(repr=False)
    access_token_hash: str | None = field(repr=False)
    dpop_jkt: str | None = None

    @property
    def account_id(self) -> str:
        """The account that granted it."""
        return self.id.partition(".")[0]

    @property
    def sid(self) -> str:
        """What clients know the session by: the login, where no browser stays signed in."""
        return self.session or self.id

    def is_code(self, code: str) -> bool:
        """Whether this is the code that it began with, compared in constant time."""
        return constant_time_equals(digest(code), self.code_hash)

    def is_access_token(self, token: str) -> bool:
        """Whether this is its access token, compared in constant time."""
        return constant_time_equals(digest(token), self.access_token_hash or "")


def authorization_mac(authorization: Authorization) -> str:
    """The MAC of an authorization over all that it grants in its state."""
    asked = (authorization.client_id, authorization.redirect_uri, authorization.scope, authorization.nonce)
    key = (authorization.dpop_jkt,)
    by = (" ".join(authorization.amr), authorization.auth_time, authorization.grant_epoch, authorization.session)
    code = (authorization.code_hash, authorization.code_challenge, authorization.code_expires_at)
    token = (authorization.access_token_hash, authorization.access_expires_at)
    refresh = (authorization.refresh_generation, authorization.refreshed_at, authorization.refresh_until)
    return grant_mac("authorization", authorization.id, authorization.state, *asked, *key, *by, *code, *token, *refresh)


def authorization_of(row: AuthorizationRow) -> Authorization:
    """The authorization that a row holds."""
    return Authorization(
        id=keys.item_id(row.pk, row.sk),
        state=row.state,
        client_id=row.client,
        redirect_uri=row.redirect_uri,
        scope=row.scope,
        nonce=row.oidc_nonce,
        amr=tuple(row.amr.split()),
        auth_time=int(row.auth_time),
        session=row.session,
        code_expires_at=int(row.code_expires_at),
        access_expires_at=_whole(row.access_expires_at),
        refresh_generation=_whole(row.refresh_generation),
        refreshed_at=_whole(row.refreshed_at),
        refresh_until=_whole(row.refresh_until),
        grant_epoch=int(row.grant_epoch),
        code_hash=row.code_hash,
        code_challenge=row.code_challenge,
        access_token_hash=row.access_token_hash,
        dpop_jkt=row.dpop_jkt,
    )


def authorization_key(authorization: Authorization) -> AuthorizationRow:
    """The row of an authorization by its key alone, for a write."""
    account_id, _, part = authorization.id.partition(".")
    return AuthorizationRow(*client_keys.new_authorization(account_id, part))


def key_actions(authorization: Authorization) -> list[Action]:
    """What to write of the key that it is bound to."""
    key = authorization.dpop_jkt
    return [AuthorizationRow.dpop_jkt.remove() if key is None else AuthorizationRow.dpop_jkt.set(key)]


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def named_by(code_or_token: str) -> Key | None:
    """The key of the authorization that a code or token begins with the name of, or None."""
    return client_keys.authorization(code_or_token.rpartition(".")[0])


def read_authorization(key: Key) -> Authorization | None:
    """The authorization as it stands now; None for one that is not there or that our own code has not written."""
    try:
        row = AuthorizationRow.get(*key, consistent_read=True)
    except AuthorizationRow.DoesNotExist:
        return None
    found = authorization_of(row)
    # What is revoked grants nothing, and keeps the MAC of what it was.
    if found.state != REVOKED and not is_genuine(row.authorization_mac, authorization_mac(found)):
        report_forged("authorization")
        return None
    return found
