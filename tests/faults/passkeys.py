"""Logging in with a passkey, making and removing one, cut anywhere and sent again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from complete.step import finish_login
from passkeys.step import NewPasskey, make
from smartident.passkeys.change_policy import order_login_policy
from smartident.passkeys.passkey import passkey_id_of
from smartident_client import base64url
from tests.faults.enrolments import refusal
from tests.faults.sabotage import Play
from tests.support.login_passkey import (
    LoginPasskey,
    bearer,
    from_page,
    listed,
    made,
    options,
    removed,
    sign_in,
    signed_in,
)
from tests.support.passkey_policy import choose, with_passkeys_only, with_two_passkeys
from tests.support.world import URL

if TYPE_CHECKING:
    from tests.support.world import World


def fresh(world: World) -> str:
    """The bearer of a login that a phone has just approved."""
    anna = world.account()
    return signed_in(world, world.phone(anna), world.start(anna))


def named(passkey: LoginPasskey) -> str:
    return passkey_id_of(base64url.encode(passkey.credential_id))


def logging_in_by_passkey(world: World) -> Play:
    """Who hears nothing touches once more: a signature counts once."""
    passkey = made(world, fresh(world))

    def holds(login: Any) -> None:
        assert finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)["id_token"]

    return Play(lambda: sign_in(world, passkey.get(options(world))), holds)


def making_a_passkey(world: World) -> Play:
    """The browser has made it, and sends it again."""
    session, passkey = fresh(world), LoginPasskey()
    credential = passkey.create(listed(world, session)["creation"])

    def holds(answer: Any) -> None:
        assert answer["passkey_id"] == named(passkey)
        assert [one["passkey_id"] for one in listed(world, session)["passkeys"]] == [named(passkey)]
        assert sign_in(world, passkey.get(options(world)))["status"] == "approved"

    ask = NewPasskey(credential, "Laptop")
    return Play(partial(make, ask, bearer=session, request_origin=from_page(), now=world.now), holds)


def demanding_a_passkey(world: World) -> Play:
    """The stricter policy ends this very login; asked for again, it is answered alike."""
    owner = with_two_passkeys(world)

    def holds(answer: Any) -> None:
        assert answer == {"login_policy": "passkey_only"}
        assert refusal(lambda: world.start(owner.account)) == "passkey_required"
        assert owner.session_by_passkey()

    return Play(lambda: choose(world, owner.session), holds)


def allowing_the_phone_again(world: World) -> Play:
    """A passkey asks for it."""
    owner = with_passkeys_only(world)
    session = owner.session_by_passkey()

    def holds(answer: Any) -> None:
        assert answer == {"login_policy": "phone_or_passkey"}
        assert world.start(owner.account)

    return Play(lambda: choose(world, session, "phone_or_passkey"), holds)


def ordering_a_passkey(world: World) -> Play:
    """The operator's command, given again."""
    owner = with_two_passkeys(world)

    def holds(starts_at: Any) -> None:
        assert starts_at == world.now
        assert refusal(lambda: world.start(owner.account)) == "passkey_required"

    return Play(lambda: order_login_policy(owner.account.id, "passkey_only", now=world.now), holds)


def removing_a_passkey(world: World) -> Play:
    """One of two, which was used: the other stays as good as it was, and this login is over."""
    session = fresh(world)
    gone, kept = made(world, session), made(world, session)
    sign_in(world, gone.get(options(world)))

    def holds(answer: Any) -> None:
        assert answer is None
        assert refusal(lambda: listed(world, session)) == "fresh_login_required"
        assert refusal(lambda: sign_in(world, gone.get(options(world)))) == "passkey_refused"
        login = sign_in(world, kept.get(options(world)))
        finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)
        assert [one["passkey_id"] for one in listed(world, bearer(login))["passkeys"]] == [named(kept)]

    return Play(partial(removed, world, session, named(gone)), holds)
