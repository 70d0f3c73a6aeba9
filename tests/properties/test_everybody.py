"""Random interleavings of everybody: what must always hold, holds after every step."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.machine import Everybody
from tests.properties.model import UNDECIDED, documented
from tests.properties.uniform import Uniform
from tests.support.scenarios import CHANGED_MY_MIND
from tests.support.world import HOME

if TYPE_CHECKING:
    from tests.support.world import World

# So many with UniformLogin off, so many with it on; each tries the shortest story first and random ones after it.
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
@pytest.mark.parametrize("people", [Everybody, Uniform], ids=["plain", "UniformLogin"])
def test_whatever_everybody_does_the_promises_hold(world: World, people: type[Everybody], run: int) -> None:
    here = type(people.__name__, (people,), {"world": world})
    run_state_machine_as_test(seed(run)(here), settings=BOUNDED)


@pytest.fixture
def everybody(world: World) -> Everybody:
    machine = Everybody()
    machine.world = world
    machine.provision()
    return machine


@pytest.fixture
def uniform(world: World) -> Uniform:
    machine = Uniform()
    machine.world = world
    machine.provision()
    return machine


def test_the_watchers_table_is_the_documented_one(everybody: Everybody) -> None:
    for _ in range(7):
        everybody.a_browser_starts(0)
    cancelled, approved, denied, late, completed, given_up, undone, lost = everybody.logins[:1] + everybody.logins[2:]
    positions = {id(login): len(everybody.logins) - 1 - at for at, login in enumerate(everybody.logins)}
    for login in (approved, completed, given_up, undone):
        everybody.a_phone_decides(positions[id(login)], 0, right=True)
    everybody.a_phone_decides(positions[id(lost)], 1, right=True)
    everybody.a_phone_decides(positions[id(denied)], 1, right=False)
    everybody.a_browser_completes(positions[id(completed)])
    for login in (cancelled, given_up):
        everybody.a_browser_gives_up(positions[id(login)])
    everybody.a_phone_denies(positions[id(undone)], 1, ask=CHANGED_MY_MIND)
    everybody.a_phone_revokes(by=0, lost=1)
    everybody.the_table_says_what_the_watcher_saw()
    for seconds in (60, 180):
        everybody.time_passes(seconds)
        everybody.the_table_says_what_the_watcher_saw()
    assert late.state == "expired"
    assert {move for login in everybody.logins for move in login.moves} == documented()


def test_a_decoy_goes_where_a_login_goes_that_nobody_decides(uniform: Uniform) -> None:
    for who in (0, None):
        uniform.somebody_mistypes(who, HOME)
    assert [login.is_decoy for login in uniform.logins] == [False, False, True, True, True, True]
    right, wrong, unknown = 5, 3, 2  # counted from the latest
    for seconds, given_up in ((0, (right, wrong, unknown)), (180, range(6)), (3600, range(6))):
        uniform.time_passes(seconds)
        for login in given_up:
            uniform.a_browser_gives_up(login)
        uniform.every_page_asks()
        uniform.the_table_says_what_the_watcher_saw()
        uniform.a_name_of_nobody_has_decoys_and_nothing_else()
    ends = {(login.is_decoy, move) for login in uniform.logins for move in login.moves}
    assert ends == {(is_decoy, move) for is_decoy in (False, True) for move in UNDECIDED}
