"""Passkeys that their makers copy to other devices (BE, BS: WebAuthn level 3, 6.1.3): told apart, and refusable."""

from __future__ import annotations

import pytest

from smartident.errors import LastPasskey, PasskeyRefused, SyncedPasskeyRefused, TwoPasskeysRequired
from smartident.passkeys.passkey import passkey_id_of
from smartident_client import base64url
from smartident_client.login_passkey import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED
from tests.support.login_passkey import LoginPasskey, listed, made, options, removed, sign_in
from tests.support.passkey_policy import choose, with_two_passkeys
from tests.support.world import World

HERE_ONLY = PRESENT | VERIFIED
SYNCED = HERE_ONLY | ELIGIBLE


@pytest.mark.parametrize("flags", [SYNCED, SYNCED | BACKED_UP], ids=["eligible", "backed up"])
def test_a_synced_passkey_counts_and_is_told_apart(world: World, session: str, flags: int) -> None:
    passkey = made(world, session, LoginPasskey(flags=flags))
    assert sign_in(world, passkey.get(options(world)))["status"] == "approved"
    assert [one["synced"] for one in listed(world, session)["passkeys"]] == [True]


@pytest.mark.parametrize("flags", [SYNCED, SYNCED | BACKED_UP], ids=["eligible", "backed up"])
def test_where_the_operator_wants_none_none_is_made(world: World, session: str, flags: int) -> None:
    world.set(SYNCED_PASSKEYS="refused")
    with pytest.raises(SyncedPasskeyRefused):
        made(world, session, LoginPasskey(flags=flags))
    assert listed(world, session)["passkeys"] == []
    assert made(world, session, LoginPasskey(flags=HERE_ONLY))


def test_one_that_was_made_before_logs_nobody_in(world: World, session: str) -> None:
    passkey = made(world, session, LoginPasskey(flags=SYNCED))
    world.set(SYNCED_PASSKEYS="refused")
    with pytest.raises(SyncedPasskeyRefused):
        sign_in(world, passkey.get(options(world)))


def test_one_that_stayed_in_its_device_and_says_otherwise_today(world: World, session: str) -> None:
    """Its flags are signed at each login: what they were when it was made does not decide."""
    passkey = made(world, session, LoginPasskey(flags=HERE_ONLY))
    passkey.flags = SYNCED
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world)))
    world.set(SYNCED_PASSKEYS="refused")
    with pytest.raises(SyncedPasskeyRefused):
        sign_in(world, passkey.get(options(world)))


def test_only_known_words_accept_them(world: World, session: str) -> None:
    world.set(SYNCED_PASSKEYS="")
    with pytest.raises(SyncedPasskeyRefused):
        made(world, session, LoginPasskey(flags=SYNCED))


@pytest.mark.parametrize("changed", [{"SYNCED_PASSKEYS": "refused"}, {"PASSKEY_RP_ID": "example.test"}], ids=str)
def test_who_demands_a_passkey_keeps_one_that_logs_in(world: World, changed: dict[str, str]) -> None:
    """One that the operator refuses, or of a domain that no page asks for any more, would lock its owner out."""
    owner = with_two_passkeys(world)
    synced = made(world, owner.session, LoginPasskey(flags=SYNCED))
    first, second, third = (passkey_id_of(base64url.encode(one.credential_id)) for one in (*owner.passkeys, synced))
    removed(world, owner.session, first)
    world.set(**changed)
    with pytest.raises(TwoPasskeysRequired):
        choose(world, owner.session)
    world.set(SYNCED_PASSKEYS="accepted", PASSKEY_RP_ID="")
    choose(world, owner.session)
    session = owner.session_by_passkey(1)
    world.set(**changed)
    with pytest.raises(LastPasskey):
        removed(world, session, second)
    world.set(SYNCED_PASSKEYS="accepted", PASSKEY_RP_ID="")
    removed(world, session, third)


def test_two_that_stay_in_their_devices_are_enough_where_the_operator_wants_no_others(world: World) -> None:
    owner = with_two_passkeys(world)
    world.set(SYNCED_PASSKEYS="refused")
    assert choose(world, owner.session) == {"login_policy": "passkey_only"}
