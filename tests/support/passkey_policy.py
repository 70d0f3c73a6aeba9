"""An account with two passkeys that lets nothing else in, and what its owner does about that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec import convert

from complete.step import finish_login
from passkeys.step import Choice, choose_policy
from smartident.accounts.account import Account, read_account
from smartident.clients.login_policy import PASSKEY_ONLY
from tests.support.login_passkey import LoginPasskey, bearer, from_page, made, options, sign_in, signed_in
from tests.support.world import URL, Phone, World


@dataclass
class Owner:
    """A person with a phone and two passkeys."""

    world: World
    account: Account
    phone: Phone
    passkeys: tuple[LoginPasskey, LoginPasskey]
    # The login that her phone approved, in which she made them.
    session: str

    def now(self) -> Account:
        """Her account as it stands."""
        account = read_account(self.account.id)
        assert account is not None
        return account

    def session_by_passkey(self, number: int = 0) -> str:
        """The bearer of a login that a passkey of hers has just approved."""
        login = sign_in(self.world, self.passkeys[number].get(options(self.world)))
        finish_login(login["login_id"], login["login_token"], issuer=URL, now=self.world.now)
        return bearer(login)


def choose(world: World, session: str, policy: str = PASSKEY_ONLY) -> Any:
    """What the page asks for."""
    ask = convert({"login_policy": policy}, Choice)
    return choose_policy(ask, bearer=session, where=from_page().where, now=world.now)


def with_two_passkeys(world: World, account: Account | None = None) -> Owner:
    """A person who logs in with phone or passkey."""
    account = account or world.account()
    phone = world.phone(account)
    session = signed_in(world, phone, world.started(account))
    return Owner(world, account, phone, (made(world, session), made(world, session)), session)


def with_passkeys_only(world: World) -> Owner:
    """A person who has just decided that nothing but a passkey logs in."""
    owner = with_two_passkeys(world)
    choose(world, owner.session)
    return owner
