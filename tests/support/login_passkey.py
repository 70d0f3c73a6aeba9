"""A passkey of the login page in software, the browser around it, and what a person does with both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from passkeys.step import Assertion, NewPasskey, begin, list_passkeys, log_in, make, remove
from smartident.statements.login import RequestOrigin
from smartident_client.login_passkey import LoginPasskey as Passkey
from tests.support.world import AGENT, HOME, ORIGIN, World

if TYPE_CHECKING:
    from smartident.logins.start import StartedLogin
    from tests.support.world import Phone

RP_ID = "finance.example.test"


@dataclass
class LoginPasskey(Passkey):
    """A passkey of the login page that the tests have."""

    origin: str = ORIGIN
    rp_id: str = RP_ID


def from_page(origin: str = ORIGIN) -> RequestOrigin:
    """Where a page's requests come from."""
    return RequestOrigin(HOME, AGENT, origin, place="Frankfurt, DE", country="DE", asn=3320)


def bearer(login: dict[str, Any]) -> str:
    """What names a completed login to the routes of passkeys."""
    return f"{login['login_id']}.{login['login_token']}"


def signed_in(world: World, phone: Phone, started: StartedLogin) -> str:
    """The bearer of a login that the phone has just approved."""
    world.approve(phone, started)
    world.complete(started)
    return f"{started.login.id}.{started.token}"


def listed(world: World, session: str) -> dict[str, Any]:
    """What the browser is told of the account's passkeys."""
    return list_passkeys(session, now=world.now)


def made(world: World, session: str, passkey: LoginPasskey | None = None, name: str = "Laptop") -> LoginPasskey:
    """A passkey, made in this login."""
    passkey = passkey or LoginPasskey()
    credential = passkey.create(listed(world, session)["creation"])
    make(NewPasskey(credential, name), bearer=session, request_origin=from_page(), now=world.now)
    return passkey


def options(world: World) -> dict[str, Any]:
    """What the browser asks a passkey with."""
    told: dict[str, Any] = begin(now=world.now)["public_key"]  # type: ignore[assignment]  # JSON says no types
    return told


def sign_in(
    world: World,
    assertion: dict[str, Any],
    *,
    origin: str = ORIGIN,
    client: str | None = None,
    nonce: str | None = None,
) -> Any:
    """What the browser gets for an assertion."""
    return log_in(Assertion(assertion, client, nonce), request_origin=RequestOrigin(HOME, AGENT, origin), now=world.now)


def removed(world: World, session: str, passkey_id: str) -> None:
    """Remove a passkey."""
    remove(passkey_id, bearer=session, where=from_page().where, now=world.now)
