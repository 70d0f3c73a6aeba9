"""Every AWS call of every route, carried out with its answer lost: the same outcome as if it had been heard."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.faults import browser_requests, phone_requests
from tests.faults.ciba_requests import CIBA_CASES
from tests.faults.freeze_requests import FREEZE_CASES
from tests.faults.lost_answers import LostAnswer, repeat_at_once
from tests.faults.oauth_requests import OAUTH_CASES
from tests.faults.pairing_requests import PAIRING_CASES
from tests.faults.passkey_requests import PASSKEY_CASES
from tests.faults.person import expect
from tests.faults.push_requests import PUSH_CASES
from tests.faults.recovery_requests import RECOVERY_CASES
from tests.faults.session_requests import SESSION_CASES
from tests.support.cold_container import cool
from tests.support.world import ELSEWHERE, TEMPLATE, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.exchange import Case, Exchange
    from tests.faults.person import Person

CASES = [
    *phone_requests.CASES,
    *PAIRING_CASES,
    *FREEZE_CASES,
    *browser_requests.CASES,
    *PASSKEY_CASES,
    *OAUTH_CASES,
    *CIBA_CASES,
    *PUSH_CASES,
    *SESSION_CASES,
]
CASES += RECOVERY_CASES
# All of it takes minutes: CI tries each call in some of the ways, `make exhaustive` in all.
EXHAUSTIVE = bool(os.environ.get("EXHAUSTIVE"))
SEED = int(os.environ.get("SAMPLE_SEED", "1"))
NEVER = 10**6
LIMITS = {"SMS_PER_PREFIX_DAY": 10**6, "SMS_DAILY_BUDGET": 10**6, "UNIFORM_LOGIN": "off"}


@dataclass(frozen=True)
class Way:
    """How an answer gets lost, what its caller does then, and who comes in between."""

    name: str
    closes: bool = False
    every_attempt: bool = False
    made_anew: bool = False
    between: Callable[[Person], object] | None = None

    @property
    def roomy(self) -> bool:
        """Whether more is used than one try of one person."""
        return self.every_attempt or self.between is not None


def wrong_password(person: Person) -> None:
    """Somebody elsewhere does not know the password."""
    expect(replace(person, address=ELSEWHERE).log_in("Sieben-Kamele-77"), "401 invalid_credentials", "201")


def another_login(person: Person) -> None:
    """The same person logs in at another place."""
    expect(replace(person, address=ELSEWHERE).log_in(), "201", "403 key_registration_required")


WAYS = [
    Way("a read timeout"),
    Way("a closed connection, asked anew", closes=True, made_anew=True),
    Way("no attempt answered", every_attempt=True),
    Way("no attempt answered, asked anew", every_attempt=True, made_anew=True),
    Way("a wrong password in between", between=wrong_password),
    Way("another login in between", between=another_login),
]


@pytest.fixture
def stage(world: World) -> World:
    """A world whose clock is also the edge's, and a botocore that does not pause."""
    world.monkeypatch.setattr(time, "time", lambda: world.now + 0.5)
    repeat_at_once(world.monkeypatch)
    return world


def attempt(world: World, case: Case, way: Way, at: int) -> tuple[LostAnswer, Exchange]:
    """One exchange in a cold container; the answer of its n-th call gets lost."""
    world.set(**{**LIMITS, **case.limits})
    exchange = case.prepare(world)
    between = partial(way.between, exchange.person) if way.between else None
    lost = LostAnswer(at, closes=way.closes, every_attempt=way.every_attempt, between=between)
    exchange.made_anew, exchange.outage = way.made_anew, way.every_attempt
    cool()
    world.aws.connection = lost
    exchange.heard.append(exchange.send())
    world.aws.connection = None
    exchange.struck = lost.struck
    exchange.repeat()
    return lost, exchange


def chosen(case: Case, calls: int) -> list[tuple[Way, int]]:
    """In what ways which calls' answers get lost; in a sample each call's does in one way."""
    ways = [way for way in WAYS if not (case.scarce and way.roomy)]
    shift = random.Random(f"{SEED} {case.id}").randrange(len(ways))  # noqa: S311  a sample, no secret
    all_of_them = [(way, at) for at in range(calls) for way in ways]
    return all_of_them if EXHAUSTIVE else [(ways[(at + shift) % len(ways)], at) for at in range(calls)]


def fault_of(lost: LostAnswer, exchange: Exchange) -> str:
    """What does not hold, or nothing."""
    try:
        assert lost.disturbed is None, f"somebody else was disturbed: {lost.disturbed}"
        exchange.check()
    except AssertionError as fault:
        return str(fault).partition("\n")[0]
    return ""


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_lost_answer_changes_nothing(stage: World, case: Case) -> None:
    unharmed, exchange = attempt(stage, case, WAYS[0], at=NEVER)
    exchange.check()
    faults = []
    for way, at in chosen(case, len(unharmed.calls)):
        lost, exchange = attempt(stage, case, way, at)
        assert lost.calls == unharmed.calls[: at + 1]
        fault = fault_of(lost, exchange)
        if fault:
            faults.append(f"{way.name}, call {at}, {lost.struck}: {fault} ({exchange.outcomes()})")
    assert not faults, "\n".join(faults)


def test_every_route_is_asked() -> None:
    routes = {route.key for route in TEMPLATE.routes} | set(TEMPLATE.socket_routes)
    assert {case.route for case in CASES} == routes
