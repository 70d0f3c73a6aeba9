"""Passkeys that their makers copy to other devices (BE, BS: WebAuthn level 3, 6.1.3): told apart, and refusable."""

from __future__ import annotations

import pytest

from smartident.errors import PasskeyRefused, SyncedPasskeyRefused
from smartident_client.login_passkey import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED
from tests.support.login_passkey import LoginPasskey, listed, made, options, sign_in
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
