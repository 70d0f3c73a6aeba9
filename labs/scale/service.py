"""The service as far as time and quotas go: buckets that refill, environments that are warm, cold or not to be had."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.cost.work import LOGIN, Invocation
from labs.scale.quotas import MAX_PER_ENVIRONMENT, Quotas

if TYPE_CHECKING:
    import random

STATUS = Invocation("GET /v1/logins/{login_id}", 512, 1.5, ("GetItem",))
INVOCATIONS = {one.route: one for one in (*LOGIN.invocations, STATUS)}
FUNCTIONS = {
    "POST /v1/logins": "login",
    "$connect": "browser",
    "$default": "browser",
    "GET /v1/approvals": "approve",
    "POST /v1/approvals/{login_id}": "approve",
    "POST /v1/logins/{login_id}/complete": "complete",
    STATUS.route: "login_status",
}
# Read and write units of each request.
UNITS = {
    "POST /v1/logins": (2, 5),
    "$connect": (0, 1),
    "$default": (1, 0),
    "GET /v1/approvals": (1, 0),
    "POST /v1/approvals/{login_id}": (1, 2),
    "POST /v1/logins/{login_id}/complete": (1, 2),
    STATUS.route: (1, 0),
}
# Seconds of a first request beyond its own: decision 15's clock, Lambda's own start, the first AWS client and its TLS.
COLD = {"login": 0.26, "browser": 0.20, "approve": 0.27, "complete": 0.26, "login_status": 0.23}
COLD_BESIDE = 0.2
# What the SDK does with a throttled call before the function gives up.
SDK_TRIES = 3
SDK_PAUSE = 0.1
SPREAD = 0.25


class Throttled(Exception):  # noqa: N818  the cloud's word
    """Turned away; the name of the quota is its text."""


@dataclass
class Bucket:
    """So many a second, and so many at once at most."""

    rate: float
    burst: float
    held: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.held = self.burst

    def take(self, number: float, now: float) -> bool:
        """Take so many, or none."""
        self.held = min(self.burst, self.held + (now - self.at) * self.rate)
        self.at = now
        if self.held < number:
            return False
        self.held -= number
        return True


@dataclass
class Fleet:
    """One function's environments."""

    scaling: Bucket
    idle: int = 0
    busy: int = 0
    most: int = 0
    cold_starts: int = 0
    busy_seconds: float = 0.0


@dataclass
class Service:
    """Everything that a request passes; `answer` tells how long it takes, or raises Throttled."""

    quotas: Quotas
    dice: random.Random
    throttles: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        q = self.quotas
        self.stages = {kind: Bucket(q.stage_rate, q.stage_burst) for kind in ("http", "socket")}
        self.gateway = Bucket(q.gateway_rate, q.gateway_burst)
        self.connects = Bucket(q.socket_connects, q.socket_connects)
        self.reads = Bucket(q.read_units, q.read_units)
        self.writes = Bucket(q.write_units, q.write_units)
        self.signatures = Bucket(q.signatures, q.signatures)
        self.fleets: defaultdict[str, Fleet] = defaultdict(lambda: Fleet(Bucket(q.scaling, q.scaling_burst)))

    def admit(self, route: str, now: float) -> None:
        """Pass API Gateway; raises Throttled."""
        stage = "socket" if route.startswith("$") else "http"
        if route == "$connect" and not self.connects.take(1, now):
            self._turn_away("WebSocket connections")
        if not self.stages[stage].take(1, now):
            self._turn_away("RequestRate")
        if not self.gateway.take(1, now):
            self._turn_away("API Gateway")

    def occupy(self, route: str, now: float) -> float:
        """Take an environment for a request; the seconds of its cold start. Raises Throttled."""
        fleet = self.fleets[FUNCTIONS[route]]
        cold = 0.0
        if sum(one.busy for one in self.fleets.values()) >= self.quotas.concurrency:
            self._turn_away("Lambda concurrency")
        if fleet.idle:
            fleet.idle -= 1
        elif fleet.scaling.take(1, now):
            fleet.cold_starts += 1
            cold = COLD[FUNCTIONS[route]] + COLD_BESIDE
        else:
            self._turn_away("Lambda scaling")
        fleet.busy += 1
        fleet.most = max(fleet.most, fleet.busy)
        return cold

    def work(self, route: str, now: float) -> tuple[float, str | None]:
        """The seconds of a request in its environment, and the quota that made it fail, if one did."""
        seconds = INVOCATIONS[route].duration_ms / 1000 * self.dice.lognormvariate(-(SPREAD**2) / 2, SPREAD)
        for _ in range(SDK_TRIES):
            short = self._short(route, now + seconds)
            if short is None:
                return seconds, None
            self.throttles[short] += 1
            seconds += SDK_PAUSE * self.dice.uniform(0.5, 1.5)
        return seconds, short

    def occupied(self, seconds: float) -> float:
        """How long an environment is taken by a request: it answers ten a second at most."""
        return max(seconds, 1 / MAX_PER_ENVIRONMENT)

    def release(self, route: str, seconds: float) -> None:
        """Give an environment back, warm."""
        fleet = self.fleets[FUNCTIONS[route]]
        fleet.busy -= 1
        fleet.idle += 1
        fleet.busy_seconds += seconds

    def posts(self, now: float) -> bool:
        """Whether a message to a page passes API Gateway."""
        if self.gateway.take(1, now):
            return True
        self.throttles["API Gateway"] += 1
        return False

    def _short(self, route: str, now: float) -> str | None:
        """The quota behind the functions that is used up, or none."""
        reads, writes = UNITS[route]
        if reads and not self.reads.take(reads, now):
            return "table reads"
        if writes and not self.writes.take(writes, now):
            return "table writes"
        if "Sign" in INVOCATIONS[route].calls and not self.signatures.take(1, now):
            return "KMS signatures"
        return None

    def _turn_away(self, quota: str) -> None:
        self.throttles[quota] += 1
        raise Throttled(quota)
