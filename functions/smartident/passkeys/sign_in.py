"""Signing in with a passkey: an assertion becomes a login that is approved from its start, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import Account, read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.item.login_policy import check_passkey_allowed
from smartident.clients.login_policy import PASSKEY_ONLY
from smartident.crypto.random import digest, new_login_token, random_id
from smartident.errors import PasskeyRefused, PasskeyTooNew
from smartident.logins.entry import enter, tell_place
from smartident.logins.login import APPROVED, LoginRow, login_of
from smartident.logins.start import StartedLogin
from smartident.passkeys.challenge import UsedChallengeRow, use
from smartident.passkeys.passkey import ACTIVE, PasskeyRow, demanded_from
from smartident.rate_limiting.client_address import client_address_of
from smartident.settings import settings
from smartident.statements.login import write_statement
from smartident.storage import keys, passkey_keys
from smartident.storage.ids import newest_first
from smartident.storage.operations import Again, FailedConditions, Put, Update
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.clients.client import AuthenticationRequest
    from smartident.passkeys.authenticate import Authenticated
    from smartident.statements.login import RequestOrigin

# RFC 8176. Not `hwk`: nothing attests the hardware that a passkey is in, and many are synced.
AMR = "swk user mfa"


def sign_in(
    who: Authenticated, *, asked: AuthenticationRequest, request_origin: RequestOrigin, now: int
) -> StartedLogin:
    """A login that its passkey has approved; its challenge is used, and the passkey is still the account's.

    Raises PasskeyNotAllowed, PasskeyTooNew, or PasskeyRefused for a challenge used or a passkey removed meanwhile.
    """
    token, part = new_login_token(), newest_first(now) + random_id()
    row = _row(who, keys.new_login(who.account.id, part), token, asked=asked, request_origin=request_origin, now=now)
    retry(lambda account: _put(who, row, account, asked, now=now), who.account)
    login = login_of(row)
    log_event("login_started", login_id=login.id)
    log_event("login_approved", login_id=login.id, reason="passkey")
    return StartedLogin(login, token, None)


def _row(
    who: Authenticated,
    key: keys.Key,
    token: str,
    *,
    asked: AuthenticationRequest,
    request_origin: RequestOrigin,
    now: int,
) -> LoginRow:
    limits, login_id = settings(), keys.item_id(*key)
    return LoginRow(
        *key,
        state=APPROVED,
        token_hash=digest(token),
        client=asked.client_id,
        nonce=asked.nonce,
        amr=AMR,
        statement=_statement(who, login_id, asked, request_origin, now=now),
        client_address=client_address_of(request_origin.address),
        trust_epoch=who.account.trust_epoch,
        created_at=now,
        expires_at=now + limits.login_lifetime,
        complete_by=now + limits.completion_window,
        decided_at=now,
        decided_by=who.passkey.id,
        receipt=who.receipt,
        ttl=now + limits.retention_days * DAY,
    )


def _statement(
    who: Authenticated, login_id: str, asked: AuthenticationRequest, request_origin: RequestOrigin, *, now: int
) -> str:
    """Its nonce is the challenge, so that what the passkey signed belongs to this login alone."""
    return write_statement(
        login_id=login_id,
        asked=asked,
        access_number=who.account.number,
        request_origin=request_origin,
        requested_at=now,
        expires_at=now + settings().login_lifetime,
        nonce=who.challenge,
    )


def _put(
    who: Authenticated, row: LoginRow, account: Account, asked: AuthenticationRequest, *, now: int
) -> Again[Account] | None:
    def on_conflict(conflict: FailedConditions) -> Again[Account]:
        if conflict.failed_on(UsedChallengeRow):
            raise PasskeyRefused("challenge used before")
        if conflict.failed_on(PasskeyRow):
            raise PasskeyRefused("removed meanwhile")
        current = read_account(account.id)
        if current is None or current.frozen:
            raise PasskeyRefused("account removed or frozen")
        return Again(current)

    check_passkey_allowed(account, asked, now=now)
    _check_not_new(who, asked, now=now)
    change = change_of(account)
    countries = enter(change, row, now=now)
    put = Put(row, is_own=lambda found: found.token_hash == row.token_hash)
    used = use(who.challenge, by=keys.item_id(row.pk, row.sk), now=now)
    again: Again[Account] | None = write(put, used, _seen(who, now=now), *change.operations(), on_conflict=on_conflict)
    if again is None:
        tell_place(row, countries, now=now)
    return again


def _check_not_new(who: Authenticated, asked: AuthenticationRequest, *, now: int) -> None:
    counts_from = demanded_from(who.passkey)
    if asked.login_policy == PASSKEY_ONLY and counts_from > now:
        raise PasskeyTooNew(retry_after=counts_from - now)


def _seen(who: Authenticated, *, now: int) -> Update:
    """What the authenticator said of itself, while the passkey is active: a removal wins."""
    said = who.assertion
    actions = [
        PasskeyRow.last_used_at.set(now),
        PasskeyRow.sign_count.set(said.sign_count),
        PasskeyRow.backed_up.set(said.backed_up),
    ]
    row = PasskeyRow(*passkey_keys.passkey(who.passkey.account_id, who.passkey.id))
    return Update(row, actions, PasskeyRow.state == ACTIVE)
