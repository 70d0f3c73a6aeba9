"""What AWS lets through in one region of one account, and our own template. docs/scale.md names the sources."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bench.cost.work import LOGIN
from smartident_laptop.template import Template

# The logins a second that all of this is about.
PEAK = 1_000


@dataclass(frozen=True)
class Quotas:
    """All of them a second, where they are rates. `…_burst` is what a bucket holds."""

    stage_rate: float
    stage_burst: float
    gateway_rate: float = 10_000
    gateway_burst: float = 5_000
    socket_connects: float = 500
    concurrency: int = 1_000
    scaling: float = 100  # environments a second and function: 1,000 every ten
    scaling_burst: float = 1_000
    write_units: float = 4_000
    read_units: float = 12_000
    signatures: float = 1_000


def of_the_template() -> Quotas:
    """AWS's defaults, behind the throttle that the template sets by default."""
    parameters = Template().document["Parameters"]
    return Quotas(float(parameters["RequestRate"]["Default"]), float(parameters["RequestBurst"]["Default"]))


def of_aws() -> Quotas:
    """AWS's defaults, our own throttle raised to what AWS lets through."""
    return Quotas(stage_rate=10_000, stage_burst=5_000)


def of_yesterday() -> Quotas:
    """The same, with a table that saw the same load yesterday: on demand it serves twice its last peak at once."""
    return replace(of_aws(), write_units=2 * PEAK * LOGIN.write_units, read_units=12_000)


def raised() -> Quotas:
    """What docs/scale.md says to ask for before a thousand logins a second."""
    return replace(
        of_yesterday(),
        gateway_rate=20_000,
        gateway_burst=10_000,
        socket_connects=2_000,
        concurrency=3_000,
        signatures=2_500,
    )


# Lambda lets an environment answer ten requests a second, however short they are.
MAX_PER_ENVIRONMENT = 10
TABLE_QUOTA = 40_000


@dataclass(frozen=True)
class Saturation:
    """One quota: what a login takes of it, and at how many logins a second it is used up."""

    name: str
    quota: float
    takes: float

    @property
    def logins(self) -> float:
        """Logins a second that use it up."""
        return self.quota / self.takes


def saturations() -> list[Saturation]:
    """Every quota on the way of a login, the first to saturate first."""
    ours, aws = of_the_template(), of_aws()
    callbacks = sum(one.calls.count("PostToConnection") for one in LOGIN.invocations)
    # Each invocation is a request, a handshake or a message of the page; what a route answers goes back with it.
    passing = len(LOGIN.invocations) + callbacks
    busy = sum(one.duration_ms for one in LOGIN.invocations) / 1000
    found = [
        Saturation("`RequestRate`, the template's own throttle", ours.stage_rate, LOGIN.http_requests),
        Saturation("write units of a table that was never busy", aws.write_units, LOGIN.write_units),
        Saturation("new WebSocket connections", aws.socket_connects, 1),
        Saturation("KMS signatures with elliptic curves", aws.signatures, LOGIN.signatures),
        Saturation("API Gateway, all APIs and callbacks", aws.gateway_rate, passing),
        Saturation("Lambda, requests", aws.concurrency * MAX_PER_ENVIRONMENT, len(LOGIN.invocations)),
        Saturation("write units of a table, the quota", TABLE_QUOTA, LOGIN.write_units),
        Saturation("read units of a table that was never busy", aws.read_units, LOGIN.read_units),
        Saturation("Lambda, environments at work", aws.concurrency, busy),
    ]
    return sorted(found, key=lambda one: one.logins)
