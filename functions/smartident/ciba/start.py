"""How a client's request begins: a login that waits for the phone, or for somebody whom nobody knows a decoy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.limits.rings import one_more, rings_of
from smartident.ciba.auth_req_id import auth_req_id_of
from smartident.ciba.kept_request import keep
from smartident.ciba.limits import check_may_ring
from smartident.crypto.random import digest, new_login_token, random_id
from smartident.logins.entry import enter
from smartident.logins.login import DECOY, PENDING, LoginRow
from smartident.logins.transfer_code import new_transfer_code, transfer_code_mac
from smartident.rate_limiting.asking_client import pool_of_client
from smartident.settings import settings
from smartident.statements.login import write_statement
from smartident.storage import keys
from smartident.storage.ids import newest_first
from smartident.storage.operations import Again, Put
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.ciba.person import Person
    from smartident.ciba.request import BackchannelRequest
    from smartident.clients.client import Client
    from smartident.storage.operations import Operation

# RFC 8176. No `pwd`: whatever the client checked, we saw none.
AMR = "pop user mfa"


@dataclass(frozen=True)
class Begun:
    """What the client gets: by what it polls, for how long, and what its page is to show."""

    auth_req_id: str = field(repr=False)
    expires_in: int
    transfer_code: str | None = field(repr=False)


def begin(client: Client, asked: BackchannelRequest, person: Person, *, now: int) -> Begun:
    """A request that waits; raises TooManyAttempts. Only a phone's decision tells whether the person is one of ours."""
    key = keys.new_login(person.account_id, newest_first(now) + random_id())
    digits = settings().transfer_code_digits
    code = new_transfer_code(digits) if digits else None

    def attempt(who: Person) -> str | Again[Person]:
        rings = rings_of(who.account_id, client.id)
        account = who.reachable(client, now=now)
        check_may_ring(who.account_id, account, client.id, asked.allowed, now=now)
        row = _row(key, client, asked, account, code, now=now)
        login_id = keys.item_id(*key)
        operations: list[Operation] = [
            keep(asked, login_id=login_id, client_id=client.id, now=now),
            one_more(who.account_id, client.id, after=rings, now=now),
        ]
        if account is not None:
            change = change_of(account)
            change.require_same_block(pool_of_client(client.id))
            enter(change, row, now=now)
            operations += change.operations()
        put = Put(row, is_own=lambda found: found.token_hash == row.token_hash)
        again = write(put, *operations, on_conflict=lambda _: Again(_as_now(who)))
        return again or login_id

    login_id = retry(attempt, person)
    log_event("login_started" if person.reachable(client, now=now) else "login_decoyed", login_id=login_id)
    return Begun(auth_req_id_of(login_id), asked.lifetime, code)


def _as_now(who: Person) -> Person:
    return who if who.account is None else replace(who, account=read_account(who.account_id))


def _row(
    key: keys.Key, client: Client, asked: BackchannelRequest, account: Account | None, code: str | None, *, now: int
) -> LoginRow:
    row = LoginRow(
        key.pk,
        key.sk,
        state=DECOY,
        amr="",
        statement="",
        # Of a secret that nobody has: no browser may follow, cancel or complete it.
        token_hash=digest(new_login_token()),
        client=client.id,
        delivery=asked.allowed.delivery,
        client_address=pool_of_client(client.id),
        created_at=now,
        expires_at=now + asked.lifetime,
        ttl=now + DAY,
    )
    if account is not None:
        login_id = keys.item_id(*key)
        row.state, row.amr, row.ttl = PENDING, AMR, now + settings().retention_days * DAY
        row.statement = _statement(client, asked, account, login_id, now=now)
        row.transfer_code_mac = transfer_code_mac(login_id, code) if code else None
    return row


def _statement(client: Client, asked: BackchannelRequest, account: Account, login_id: str, *, now: int) -> str:
    return write_statement(
        login_id=login_id,
        asked=client.asks(None),
        access_number=account.number,
        request_origin=asked.seen,
        requested_at=now,
        expires_at=now + asked.lifetime,
        nonce=random_id(),
        binding_message=asked.binding_message,
    )
