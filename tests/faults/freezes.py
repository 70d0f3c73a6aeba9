"""A freeze by a phone or by the link of a notice, and its opening by a phone, cut anywhere and sent again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.json import encode

from freeze.step import NoticeLink, Opening, freeze, freeze_by_link, open_again
from smartident.freeze.freeze import freeze_account
from smartident.notices.freeze_link import freeze_token
from smartident.notices.outbox import recent_notices
from smartident.storage.table import DAY
from smartident_client.approval_keys import signed_opening
from tests.faults.enrolments import item_of, records, refusal
from tests.faults.sabotage import Play
from tests.support.enrolment import active
from tests.support.scenarios import Scene, scene_of

if TYPE_CHECKING:
    from tests.support.world import World


def freezing_by_phone(world: World) -> Play:
    """A phone freezes the account, in which a login is approved."""
    scene = _approved(world)
    request = scene.phone.request("POST", "/v1/account/freeze", now=world.now)
    return Play(partial(freeze, request=request, push=world.push, now=world.now), partial(_frozen_once, scene))


def freezing_brings_back(world: World) -> Play:
    """The old phone left for the new one a moment ago."""
    scene = scene_of(world)
    new = world.paired_phone(scene.phone, scene.anna, retire=True)
    started = world.start(scene.anna)
    world.approve(new, started)
    world.complete(started)
    world.listed(new)
    request = new.request("POST", "/v1/account/freeze", now=world.now)

    def holds(_: Any) -> None:
        assert (item_of(scene.anna).frozen, item_of(scene.anna).active_devices) == (True, 2)
        assert active(scene.anna) == {scene.phone.key.thumbprint, new.key.thumbprint}
        assert records(scene.anna, "account_frozen") == records(scene.anna, "device_restored") == 1

    return Play(partial(freeze, request=request, push=world.push, now=world.now), holds)


def freezing_by_notice(world: World) -> Play:
    """The button behind the link of a notice."""
    scene = _approved(world)
    link = NoticeLink(freeze_token(recent_notices(scene.anna.id, since=0)[0]))
    return Play(partial(freeze_by_link, link, push=world.push, now=world.now), partial(_frozen_once, scene))


def opening_by_phone(world: World) -> Play:
    """A phone that the account had a day before the freeze opens it."""
    scene = scene_of(world)
    world.later(DAY)
    freeze_account(scene.anna.id, operator="petra", now=world.now)
    signed = signed_opening(scene.phone.approval, scene.anna.id, world.now, now=world.now)
    ask = Opening(**signed)
    request = scene.phone.request("POST", "/v1/account/open", encode(ask), now=world.now)

    def holds(_: Any) -> None:
        assert (item_of(scene.anna).frozen, records(scene.anna, "account_opened")) == (False, 1)
        assert world.start(scene.anna).login.state == "pending"

    return Play(partial(open_again, ask, request=request, now=world.now), holds)


def _approved(world: World) -> Scene:
    scene = scene_of(world)
    world.approve(scene.phone, scene.started)
    return scene


def _frozen_once(scene: Scene, _: Any) -> None:
    world = scene.world
    assert (item_of(scene.anna).frozen, records(scene.anna, "account_frozen")) == (True, 1)
    assert [one.event for one in recent_notices(scene.anna.id, since=0)].count("account_frozen") == 1
    assert refusal(world.complete, scene.started) == "login_denied"
    assert refusal(world.start, scene.anna) == "invalid_credentials"


FREEZES = [freezing_by_phone, freezing_brings_back, freezing_by_notice, opening_by_phone]
