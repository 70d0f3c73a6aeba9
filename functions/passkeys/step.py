"""Beside the story: a passkey of the login page proves possession and person at once, and no phone is asked.

It is made right after a login that a phone approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from smartident.clients.client_cache import check_client, check_origin
from smartident.devices.device import DeviceName  # noqa: TC001  msgspec reads it at run time
from smartident.errors import CoolingOff
from smartident.logins.reading import is_decided_by_phone
from smartident.passkeys.authenticate import authenticate
from smartident.passkeys.fresh_login import check_phone, read_fresh_login
from smartident.passkeys.make import make_passkey
from smartident.passkeys.options import creation_options, request_options
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
    may_make = is_decided_by_phone(login) and len(known) < MAX_PASSKEYS and _has_cooled_off(login, account, now=now)
    return {
        "passkeys": [to_response(passkey) for passkey in known],
        "creation": creation_options(account, login.id, known, now=now) if may_make else None,
        "accepted": {
            "rpId": passkey_rp_id(),
            "userId": user_handle(account.id),
            "allAcceptedCredentialIds": [passkey.credential_id for passkey in known],
        },
    }


def make(ask: NewPasskey, *, bearer: str, origin: str, now: int) -> dict[str, object]:
    """The passkey that the browser made in this login."""
    login, account = read_fresh_login(bearer, by_phone=True, now=now)
    check_phone(login, account, now=now)
    client = check_client(login.client, now=now)
    check_origin(origin, client)
    return to_response(make_passkey(login, account, ask.credential, name=ask.name, client=client, now=now))


def remove(passkey_id: str, *, bearer: str, now: int) -> None:
    """Remove a passkey of this login's account, at once."""
    login, account = read_fresh_login(bearer, now=now)
    check_phone(login, account, now=now)
    remove_passkey(login, account, passkey_id, now=now)


def _has_cooled_off(login: Login, account: Account, *, now: int) -> bool:
    try:
        check_phone(login, account, now=now)
    except CoolingOff:
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
    }
