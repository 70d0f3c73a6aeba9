"""Beside the story: a passkey of the login page proves possession and person at once, and no phone is asked.

It is made right after a login that a phone approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta, Struct

from smartident.accounts.item.login_policy import login_policy_of, looser_from
from smartident.clients.client_cache import check_client, check_origin
from smartident.devices.device import DeviceName  # noqa: TC001  msgspec reads it at run time
from smartident.errors import Refusal
from smartident.logins.reading import is_decided_by_phone
from smartident.passkeys.authenticate import authenticate
from smartident.passkeys.change_policy import choose_login_policy
from smartident.passkeys.fresh_login import check_may_ever_make, check_may_make, check_may_remove, read_fresh_login
from smartident.passkeys.make import make_passkey
from smartident.passkeys.options import creation_options, request_options, user_names
from smartident.passkeys.passkey import MAX_PASSKEYS, read_passkeys, user_handle
from smartident.passkeys.relying_party import passkey_rp_id
from smartident.passkeys.remove import remove_passkey
from smartident.passkeys.sign_in import sign_in

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.logins.login import Login
    from smartident.passkeys.passkey import Passkey
    from smartident.statements.login import RequestOrigin


class Assertion(Struct, forbid_unknown_fields=True):
    """What the login page sends: the browser's answer as its `toJSON` gives it."""

    assertion: dict[str, Any]
    client_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    nonce: Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[ -~]+\Z")] | None = None


class NewPasskey(Struct, forbid_unknown_fields=True):
    """What the page sends to make a passkey: the browser's answer as its `toJSON` gives it, and a name."""

    credential: dict[str, Any]
    name: DeviceName


class Choice(Struct, forbid_unknown_fields=True):
    """What the page sends to change what the account may be logged in with."""

    login_policy: Literal["phone_or_passkey", "passkey_only"]


def begin(*, now: int) -> dict[str, object]:
    """What the browser asks a passkey with; nobody says who they are."""
    return {"public_key": request_options(now=now)}


def log_in(ask: Assertion, *, request_origin: RequestOrigin, now: int) -> dict[str, object]:
    """A login that its passkey has approved; the page completes it at once, as one with two-factor off."""
    client = check_client(ask.client_id, now=now)
    check_origin(request_origin.origin, client)
    who = authenticate(ask.assertion, client=client, now=now)
    started = sign_in(who, asked=client.asks(ask.nonce), request_origin=request_origin, now=now)
    return {
        "login_id": started.login.id,
        "login_token": started.token,
        "status": started.login.browser_status(now),
        "transfer_code": None,
        "expires_at": started.login.expires_at,
        "socket": None,
    }


def list_passkeys(bearer: str, *, now: int) -> dict[str, object]:
    """The account's passkeys, and what the browser needs to make one more or to forget those that are gone.

    `creation` is null where this login may make none.
    """
    login, account = read_fresh_login(bearer, now=now)
    known = read_passkeys(account)
    may_change = _may_change(login, account, now=now)
    may_make = may_change and len(known) < MAX_PASSKEYS and _may_ever_make(login, account, now=now)
    user = {"rpId": passkey_rp_id(), "userId": user_handle(account.id)}
    return {
        "passkeys": [to_response(passkey) for passkey in known],
        "login_policy": login_policy_of(account, now=now),
        "looser_from": looser_from(account, now=now),
        # Only the phone makes them, with its approval key: the page points there.
        "lacks_recovery_codes": may_change and is_decided_by_phone(login) and account.recovery_codes_mac is None,
        "creation": creation_options(account, login.id, known, now=now) if may_make else None,
        "accepted": {**user, "allAcceptedCredentialIds": [passkey.credential_id for passkey in known]},
        "details": {**user, **user_names(account)},
    }


def make(ask: NewPasskey, *, bearer: str, request_origin: RequestOrigin, now: int) -> dict[str, object]:
    """The passkey that the browser made in this login."""
    login, account = read_fresh_login(bearer, now=now)
    check_may_make(login, account, now=now)
    client = check_client(login.client, now=now)
    check_origin(request_origin.origin, client)
    where = request_origin.where
    made = make_passkey(login, account, ask.credential, name=ask.name, client=client, where=where, now=now)
    return to_response(made)


def remove(passkey_id: str, *, bearer: str, where: str, now: int) -> None:
    """Remove a passkey of this login's account, at once, and what began by it; asking again changes nothing."""
    login, _ = read_fresh_login(bearer, of_any_epoch=True, now=now)
    remove_passkey(login, passkey_id, where=where, now=now)


def choose_policy(ask: Choice, *, bearer: str, where: str, now: int) -> dict[str, object]:
    """What the account may be logged in with from now on; stricter ends what the looser one has begun, this login too.

    The same again is answered alike, so that a lost answer may be asked for once more.
    """
    login, _ = read_fresh_login(bearer, of_any_epoch=True, now=now)
    choose_login_policy(login, ask.login_policy, where=where, now=now)
    return {"login_policy": ask.login_policy}


def _may_change(login: Login, account: Account, *, now: int) -> bool:
    try:
        check_may_remove(login, account, now=now)
    except Refusal:
        return False
    return True


def _may_ever_make(login: Login, account: Account, *, now: int) -> bool:
    try:
        check_may_ever_make(login, account, now=now)
    except Refusal:
        return False
    return True


def to_response(passkey: Passkey) -> dict[str, object]:
    """A passkey as the page shows it."""
    return {
        "passkey_id": passkey.id,
        "name": passkey.name,
        "made_at": passkey.made_at,
        "last_used_at": passkey.last_used_at,
        "synced": passkey.backup_eligible,
        "aaguid": passkey.aaguid,
    }
