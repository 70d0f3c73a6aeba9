"""A phone let in from elsewhere logs in, but for a day neither lets others in nor removes older ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smartident.errors import CoolingOff
from smartident.statements.login import RequestOrigin
from tests.support.scenarios import CHANGED_MY_MIND
from tests.support.world import ABROAD, AGENT, HERE, HOME, World

NOWHERE = RequestOrigin(HOME, AGENT, "")


@pytest.mark.parametrize(
    ("there", "differs"),
    [
        (HERE, False),
        (replace(HERE, address="203.0.113.77", place="Kassel, DE"), False),
        (replace(HERE, country="AT"), True),
        (replace(HERE, asn=8447), True),
        (ABROAD, True),
        (NOWHERE, False),
        (replace(HERE, country=None), False),
        (replace(HERE, asn=None), False),
    ],
    ids=["same", "another town", "country", "network", "both", "nobody knows", "no country", "no network"],
)
def test_the_old_phone_is_told_where_it_is_itself_and_whether_that_differs(
    world: World, there: RequestOrigin, differs: object
) -> None:
    anna = world.account()
    old, new = world.phone(anna), replace(world.new_phone(), here=there)
    world.register(anna, new)
    (waits,) = world.listed(old)
    assert (waits["here"], waits["differs"]) == ({"place": "Frankfurt, DE", "asn": 3320}, differs)


def test_a_phone_from_abroad_logs_in_and_cools_off_for_a_day(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna, here=ABROAD)
    started = world.start(anna)
    assert world.approve(new, started) == "approved"
    registered = world.register(anna, world.new_phone())
    with pytest.raises(CoolingOff) as refused:
        world.let_in(new, registered)
    assert refused.value.details == {"retry_after": 24 * 3600}
    with pytest.raises(CoolingOff):
        world.revoke(new, old.key.thumbprint)
    assert world.decide(new, registered.registration_id, CHANGED_MY_MIND) == "denied"
    world.later(24 * 3600)
    world.paired_phone(new, anna)
    world.revoke(new, old.key.thumbprint)


def test_a_phone_that_cools_off_removes_newer_ones_and_itself(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna, here=ABROAD)
    world.later(1)
    newest = world.paired_phone(old, anna)
    world.revoke(new, newest.key.thumbprint)
    world.revoke(new, new.key.thumbprint)


def test_a_phone_from_home_does_not_cool_off(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna)
    world.paired_phone(new, anna)
    world.revoke(new, old.key.thumbprint)
