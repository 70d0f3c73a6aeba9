"""Renewal after a restore: devices stay, whatever was open ends."""

from __future__ import annotations

import pytest

from smartident.accounts.account import AccountNotFound, read_account
from smartident.admin.renew import renew_grants
from smartident.errors import LoginDenied, RegistrationExpired
from smartident.history.events import read_page
from tests.support.scenarios import Scene
from tests.support.world import World


def test_devices_stay_and_what_was_open_ends(scene: Scene) -> None:
    world = scene.world
    world.approve(scene.phone, scene.started)
    waiting, newer = world.start(scene.anna), world.new_phone()
    registered = world.register(scene.anna, newer)
    renew_grants(scene.anna.id, now=world.now)
    for started in (scene.started, waiting):
        with pytest.raises(LoginDenied):
            world.complete(started)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, newer)
    again = world.start(scene.anna)
    assert world.approve(scene.phone, again) == "approved"
    assert world.complete(again)["id_token"]


def test_it_begins_the_next_epoch_on_record(world: World) -> None:
    anna = world.account()
    for epoch in (1, 2):
        renew_grants(anna.id, now=world.now)
        now = read_account(anna.id)
        assert now is not None
        assert now.grant_epoch == epoch
    events = read_page(anna.id, before=None, now=world.now)["events"]
    assert isinstance(events, list)
    assert [(event["type"], event["by"]) for event in events] == [("grants_renewed", "operator")] * 2


def test_an_account_that_is_gone_is_not_renewed(world: World) -> None:
    with pytest.raises(AccountNotFound):
        renew_grants("nobody", now=world.now)
