"""Making a passkey: only in a login that a phone approved within the last five minutes, and at most ten."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from smartident.accounts.account import Account, read_account
from smartident.accounts.account_change import change_of
from smartident.crypto.base64url import decode, encode
from smartident.crypto.hash_chain import passkey_digest
from smartident.crypto.jwk import public_key
from smartident.errors import (
    ApprovalInvalid,
    FreshLoginRequired,
    InvalidRequest,
    PasskeyLimitReached,
    PasskeyRefused,
)
from smartident.notices.outbox import notice
from smartident.passkeys.challenge import CREATION, UsedChallengeRow, challenge_in, is_challenge, use
from smartident.passkeys.passkey import (
    MAX_PASSKEYS,
    CredentialRow,
    Passkey,
    passkey_id_of,
    read_passkey,
    read_passkeys,
    row_of,
)
from smartident.passkeys.relying_party import check_synced, login_party
from smartident.storage import passkey_keys
from smartident.storage.operations import Again, FailedConditions, Operation, Put
from smartident.storage.writes import retry, write
from smartident.webauthn.ceremonies import verify_new_credential
from smartident.webauthn.cose_key import cose_key_of

if TYPE_CHECKING:
    from smartident.clients.client import Client
    from smartident.logins.login import Login

TRANSPORTS = {"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"}


def make_passkey(
    login: Login,
    account: Account,
    credential: dict[str, Any],
    *,
    name: str,
    client: Client,
    where: str = "",
    now: int,
) -> Passkey:
    """The passkey that a browser made in this login; the same sent again gives the same.

    Raises PasskeyRefused, PasskeyLimitReached, or FreshLoginRequired if the phone that approved the
    login is revoked meanwhile.
    """
    challenge = challenge_in(credential)
    if not is_challenge(challenge, CREATION, login.id, now=now):
        raise PasskeyRefused("challenge")
    passkey = _verified(login, credential, challenge=challenge, name=name, client=client, now=now)
    return retry(lambda account: _put(login, account, passkey, challenge=challenge, where=where, now=now), account)


def _verified(
    login: Login, credential: dict[str, Any], *, challenge: str, name: str, client: Client, now: int
) -> Passkey:
    party = login_party(client)
    try:
        made = verify_new_credential(credential, challenge=decode(challenge, field="challenge"), party=party)
        key = public_key(made.jwk, field="credential")
    except (ApprovalInvalid, InvalidRequest) as invalid:
        raise PasskeyRefused(str(invalid)) from None
    check_synced(made)
    credential_id, said = encode(made.id), credential["response"].get("transports")
    transports = [one for one in said if one in TRANSPORTS] if isinstance(said, list) else []
    return Passkey(
        account_id=login.account_id,
        id=passkey_id_of(credential_id),
        name=name,
        credential_id=credential_id,
        public_key=encode(cose_key_of(key)),
        rp_id=party.id,
        aaguid=made.aaguid,
        transports=tuple(sorted(set(transports))),
        backup_eligible=made.backup_eligible,
        made_at=now,
        made_by=login.decided_by or "",
        backed_up=made.backed_up,
        sign_count=made.sign_count,
    )


def _put(
    login: Login, account: Account, passkey: Passkey, *, challenge: str, where: str, now: int
) -> Passkey | Again[Account]:
    def on_conflict(conflict: FailedConditions) -> Passkey | Again[Account]:
        used = conflict.found(UsedChallengeRow)
        before = read_passkey(account, passkey.id)
        if used is not None and used.used_by == passkey.id and before is not None:
            return before
        if used is not None:
            raise PasskeyRefused("challenge used before")
        if conflict.failed_on(CredentialRow):
            raise PasskeyRefused("credential known before")
        return Again(_again(account.id))

    if login.grant_epoch != account.grant_epoch:
        raise FreshLoginRequired("the phone was revoked meanwhile")
    if len(read_passkeys(account)) >= MAX_PASSKEYS:
        raise PasskeyLimitReached
    used = use(challenge, by=passkey.id, now=now)
    return write(used, *_made(account, passkey, where=where, now=now), on_conflict=on_conflict) or passkey


def _made(account: Account, passkey: Passkey, *, where: str, now: int) -> list[Operation]:
    change = change_of(account)
    change.record(
        "passkey_made", now=now, device_id=passkey.made_by, detail=passkey_digest(passkey.id, asdict(passkey))
    )
    change.also([notice(account.id, "passkey_made", now=now, origin=where, device_name=passkey.name)])
    credential = CredentialRow(*passkey_keys.credential(passkey.id), account_id=account.id)
    return [Put(row_of(passkey, epoch=account.passkey_epoch)), Put(credential), *change.operations()]


def _again(account_id: str) -> Account:
    account = read_account(account_id)
    if account is None:
        raise FreshLoginRequired("account removed")
    return account
