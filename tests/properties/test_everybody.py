"""Random interleavings of everybody: what must always hold, holds after every step."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.machine import Everybody
from tests.properties.model import documented
from tests.scenes import CHANGED_MY_MIND

if TYPE_CHECKING:
    from tests.world import World

# Each run tries the shortest story first and random ones after it.
RUNS = int(os.environ.get("PROPERTY_RUNS", "3"))
BOUNDED = settings(
    max_examples=3,
    stateful_step_count=25,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("run", range(RUNS))
def test_whatever_everybody_does_the_promises_hold(world: World, run: int) -> None:
    @seed(run)
    class Here(Everybody):
        def teardown(self) -> None:
            assert {move for login in self.logins for move in login.moves} <= documented()

    Here.world = world
    run_state_machine_as_test(Here, settings=BOUNDED)


@pytest.fixture
def everybody(world: World) -> Everybody:
    Everybody.world = world
    machine = Everybody()
    machine.furnish()
    return machine


def test_the_watchers_table_is_the_documented_one(everybody: Everybody) -> None:
    for _ in range(7):
        everybody.a_browser_starts(0)
    cancelled, approved, denied, late, completed, given_up, undone, lost = everybody.logins[:1] + everybody.logins[2:]
    places = {id(login): len(everybody.logins) - 1 - at for at, login in enumerate(everybody.logins)}
    for login in (approved, completed, given_up, undone):
        everybody.a_phone_decides(places[id(login)], 0, right=True)
    everybody.a_phone_decides(places[id(lost)], 1, right=True)
    everybody.a_phone_decides(places[id(denied)], 1, right=False)
    everybody.a_browser_completes(places[id(completed)])
    for login in (cancelled, given_up):
        everybody.a_browser_gives_up(places[id(login)])
    everybody.a_phone_denies(places[id(undone)], 1, ask=CHANGED_MY_MIND)
    everybody.a_phone_revokes(by=0, lost=1)
    everybody.the_table_says_what_the_watcher_saw()
    for seconds in (60, 180):
        everybody.time_passes(seconds)
        everybody.the_table_says_what_the_watcher_saw()
    assert late.state == "expired"
    assert {move for login in everybody.logins for move in login.moves} == documented()
