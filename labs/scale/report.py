"""What was simulated, as the tables of docs/scale.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labs.peer.load import percentile
from labs.scale.quotas import saturations

if TYPE_CHECKING:
    from labs.scale.load_simulation import LoadSimulation

Told = dict[str, Any]


def told(simulation: LoadSimulation) -> Told:
    """One run's figures."""
    ending, service = simulation.ending, simulation.service
    return {
        "started": ending.started,
        "completed": ending.completed,
        "gave_up": ending.gave_up,
        "never_decided": ending.never_decided,
        "polled": ending.polled,
        "begun": _spread(ending.begun),
        "moved": _spread(ending.moved),
        "throttles": dict(service.throttles.most_common()),
        "fleets": {
            name: {"most": fleet.most, "cold_starts": fleet.cold_starts, "busy_seconds": fleet.busy_seconds}
            for name, fleet in service.fleets.items()
        },
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    return {f"p{share}": percentile(seconds, share / 100) if seconds else 0.0 for share in (50, 95, 99)}


def saturation_table() -> str:
    """What is used up first, and at how many logins a second."""
    lines = ["| used up | lets through a second | a login takes | at so many logins/s |", "|---|---:|---:|---:|"]
    for one in saturations():
        takes = f"{one.takes:.2f} s" if one.takes != int(one.takes) else f"{one.takes:.0f}"
        lines.append(f"| {one.name} | {one.quota:,.0f} | {takes} | **{one.logins:,.0f}** |")
    return "\n".join(lines)


def crowd_table(runs: dict[str, Told]) -> str:
    """What became of the crowd under each set of quotas."""
    lines = ["| | " + " | ".join(runs) + " |", "|---|" + "---:|" * len(runs)]
    for said, key in {
        "people who came": "started",
        "logged in": "completed",
        "gave up, turned away": "gave_up",
        "never decided, as people do": "never_decided",
        "pages that polled, without a WebSocket": "polled",
    }.items():
        lines.append(f"| {said} | " + " | ".join(f"{run[key]:,}" for run in runs.values()) + " |")
    for said, key in {
        "password to code shown, s: p50 / p95 / p99": "begun",
        "approval tapped to logged in, s: p50 / p95 / p99": "moved",
    }.items():
        spreads = (" / ".join(f"{run[key][share]:.2f}" for share in ("p50", "p95", "p99")) for run in runs.values())
        lines.append(f"| {said} | " + " | ".join(spreads) + " |")
    lines.append("| turned away by | " + " | ".join(_throttles(run) for run in runs.values()) + " |")
    return "\n".join(lines)


def _throttles(run: Told) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in run["throttles"].items()) or "nothing"


def fleet_table(runs: dict[str, Told]) -> str:
    """How many environments of each function were at work at once, and how many were started."""
    lines = ["| function | " + " | ".join(runs) + " |", "|---|" + "---:|" * len(runs)]
    for name in ("login", "browser", "approve", "complete", "login_status"):
        fleets = (run["fleets"].get(name, {"most": 0, "cold_starts": 0}) for run in runs.values())
        cells = (f"{fleet['most']:,} at once, {fleet['cold_starts']:,} started" for fleet in fleets)
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)
