"""The simulated simulation keeps to arithmetic: nobody is lost, Little's law holds, and more quota never harms."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bench.cost.work import LOGIN
from bench.report import put
from labs.scale.__main__ import PAGE
from labs.scale.arrivals import FIRST_POLL, LAST_POLL, RECONNECTS, SLOWER, Crowd
from labs.scale.load_simulation import LoadSimulation
from labs.scale.quotas import PEAK, Quotas, of_the_template, raised, saturations
from labs.scale.report import crowd_table, fleet_table, saturation_table, told
from labs.scale.service import COLD, FUNCTIONS, INVOCATIONS, STATUS, UNITS, Bucket
from smartident_laptop.template import ROOT, Template

SMALL = Crowd(before=5, peak=20, ramp=10, lasts=40)
STEADY = Crowd(peak=50, ramp=0, lasts=60)
PLENTY = replace(raised(), gateway_rate=1e9, gateway_burst=1e9)


def simulation(quotas: Quotas = PLENTY, crowd: Crowd = SMALL, seed: int = 1) -> LoadSimulation:
    simulation = LoadSimulation(crowd, quotas, seed)
    simulation.run()
    return simulation


def test_a_request_takes_what_the_counted_login_takes() -> None:
    once = [one.route for one in LOGIN.invocations]
    assert sum(UNITS[route][0] for route in once) == LOGIN.read_units
    assert sum(UNITS[route][1] for route in once) == LOGIN.write_units
    assert set(UNITS) == set(FUNCTIONS) == set(INVOCATIONS)
    assert set(COLD) == set(FUNCTIONS.values())


def test_the_functions_are_the_templates() -> None:
    template = Template()
    routes = {route.key: route.function for route in template.routes}
    routes |= {key: route.function for key, route in template.socket_routes.items()}
    for route, function in FUNCTIONS.items():
        assert template.functions[routes[route]].module == f"{function}.handler"
    assert template.functions[routes[STATUS.route]].memory == STATUS.memory_mb


def test_nobody_is_lost() -> None:
    ending = simulation().ending
    assert ending.started == ending.completed + ending.gave_up + ending.never_decided
    assert ending.gave_up == 0
    assert len(ending.moved) == ending.completed


def test_nobody_is_lost_where_most_are_turned_away() -> None:
    ending = simulation(of_the_template(), replace(SMALL, peak=60)).ending
    assert ending.started == ending.completed + ending.gave_up + ending.never_decided
    assert ending.gave_up > 0


def test_people_come_at_the_crowds_rate() -> None:
    dice = random.Random(3)  # noqa: S311  a simulation's dice
    came = list(STEADY.arrivals(dice))
    assert len(came) == pytest.approx(50 * 60, rel=0.05)
    ramp = Crowd(before=0, peak=100, ramp=60, lasts=0)
    assert len(list(ramp.arrivals(dice))) == pytest.approx(100 * 60 / 2, rel=0.05)
    assert ramp.rate(30) == 50


def test_littles_law() -> None:
    """What is at work at once, on average, is what comes a second times how long it takes."""
    run = simulation(crowd=STEADY)
    fleet = run.service.fleets["approve"]
    requests = 2 * run.ending.completed
    each = sum(INVOCATIONS[route].duration_ms for route in FUNCTIONS if FUNCTIONS[route] == "approve") / 2 / 1000
    cold = fleet.cold_starts * (COLD["approve"] + 0.2)
    assert fleet.busy_seconds - cold == pytest.approx(requests * each, rel=0.05)
    # An environment answers ten a second at most, so that many are needed, and hardly more than chance asks for.
    rate = 2 * STEADY.peak
    assert rate / 10 <= fleet.most <= rate / 10 * 3


def test_a_bucket_lets_its_rate_through() -> None:
    bucket = Bucket(rate=10, burst=5)
    taken = sum(bucket.take(1, tick / 1000) for tick in range(10_000))
    assert taken == pytest.approx(10 * 10 + 5, abs=1)


def test_a_bucket_left_alone_holds_no_more_than_it_may() -> None:
    bucket = Bucket(rate=10, burst=5)
    assert sum(bucket.take(1, 3600) for _ in range(100)) == 5
    assert not bucket.take(2, 3600.1)
    assert bucket.take(2, 3600.3)


def test_an_environment_answers_ten_a_second_at_most() -> None:
    service = simulation().service
    assert service.occupied(0.02) == 0.1
    assert service.occupied(0.3) == 0.3


def test_the_same_seed_tells_the_same_story() -> None:
    assert told(simulation(seed=4)) == told(simulation(seed=4))
    assert told(simulation(seed=4)) != told(simulation(seed=5))


def test_more_quota_lets_more_people_in() -> None:
    crowd = replace(SMALL, peak=80)
    few, more = of_the_template(), replace(of_the_template(), stage_rate=150, stage_burst=300)
    assert simulation(few, crowd).ending.completed < simulation(more, crowd).ending.completed
    assert simulation(PLENTY, crowd).ending.gave_up == 0


@pytest.mark.parametrize(
    ("change", "quota"),
    [
        ({"write_units": 50}, "table writes"),
        ({"read_units": 20}, "table reads"),
        ({"signatures": 2}, "KMS signatures"),
        ({"concurrency": 3}, "Lambda concurrency"),
        ({"scaling": 0.1, "scaling_burst": 1}, "Lambda scaling"),
        ({"gateway_rate": 20, "gateway_burst": 20}, "API Gateway"),
        ({"stage_rate": 10, "stage_burst": 10}, "RequestRate"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_quota_that_is_too_small_is_named(change: dict[str, float], quota: str) -> None:
    run = simulation(replace(PLENTY, **change))  # type: ignore[arg-type]  # the table of cases knows the types
    assert run.service.throttles[quota] > 0
    assert run.ending.gave_up > 0


def test_a_page_without_a_websocket_polls_and_gets_in_all_the_same() -> None:
    run = simulation(replace(PLENTY, socket_connects=1))
    assert run.ending.polled > 0
    assert run.ending.gave_up == 0
    assert run.service.fleets["login_status"].most > 0
    assert max(run.ending.moved) > 2 > max(simulation().ending.moved)


def test_what_saturates_first_is_the_least_of_quota_by_use() -> None:
    found = saturations()
    assert [one.logins for one in found] == sorted(one.quota / one.takes for one in found)
    assert found[0].name.startswith("`RequestRate`")


def test_the_raised_quotas_stand_above_the_peak() -> None:
    quotas, most = raised(), Template().document["Parameters"]
    assert PEAK * LOGIN.http_requests < quotas.stage_rate <= most["RequestRate"]["MaxValue"]
    assert quotas.stage_burst <= most["RequestBurst"]["MaxValue"]
    assert quotas.gateway_rate > PEAK * (LOGIN.http_requests + LOGIN.socket_messages + 1)
    assert quotas.write_units > PEAK * LOGIN.write_units
    assert quotas.read_units > PEAK * LOGIN.read_units
    assert min(quotas.socket_connects, quotas.signatures) > PEAK
    assert quotas.concurrency * 10 > PEAK * len(LOGIN.invocations)


def test_the_page_holds_the_table_of_saturation_and_places_for_the_rest() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert saturation_table() in page
    runs = {"small": told(simulation())}
    for name, table in {"crowd": crowd_table(runs), "fleets": fleet_table(runs)}.items():
        assert "| small |" in put(page, name, table)


def test_the_page_waits_as_the_products_page_does() -> None:
    source = (ROOT / "web" / "smartident.js").read_text(encoding="utf-8")
    assert f"[POLL_FIRST, POLL_LAST] = [{FIRST_POLL * 1000:_.0f}, {LAST_POLL * 1000:_.0f}];" in source
    assert f"wait = POLL_FIRST; !this.#stop.signal.aborted; wait = Math.min(wait * {SLOWER}, POLL_LAST)" in source
    assert "Math.min(500 * 2 ** nth, 10_000)" in source
    assert f"LINKS = {len(RECONNECTS)};" in source
