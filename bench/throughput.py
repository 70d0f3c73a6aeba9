"""`python -m bench.throughput`: full logins per second through the laptop stack, with ever more people at once."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from bench.cpu_time import busy
from bench.laptop_stack import Laptop, running
from bench.results import keep
from bench.virtual_users import FAILURES, Moments, VirtualUser

CROWDS = (1, 8, 32, 128)
WARM = 48


@dataclass
class Storm:
    """What came of it: each login's moments, what failed, and the seconds that all of it took."""

    done: list[Moments] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    took: float = 0.0


async def storm(laptop: Laptop, people: list[tuple[str, str]], at_once: int) -> Storm:
    """Everybody logs in, so many at a time."""
    queue, told = iter(people), Storm()

    async def one_after_another() -> None:
        for number, account_id in queue:
            try:
                told.done.append(await VirtualUser(laptop, number, account_id).log_in())
            except FAILURES as failure:
                told.failed.append(f"{type(failure).__name__}: {failure}")

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_another())
    told.took = time.monotonic() - began
    return told


def measured(laptop: Laptop, people: list[tuple[str, str]], at_once: int) -> dict[str, Any]:
    """One crowd: its logins per second, its latency, and who used the processors."""
    whole, before, own = busy(), laptop.cpu_seconds(), time.process_time()
    told = asyncio.run(storm(laptop, people, at_once))
    done = told.done
    after, own = laptop.cpu_seconds(), time.process_time() - own
    others = busy() - whole - sum(after.values()) + sum(before.values()) - own
    latencies = sorted(one.signed_in - one.began for one in done)
    return {
        "people": at_once,
        "logins": len(done),
        "errors": len(told.failed),
        "failed": told.failed[:5],
        "other_cores": max(others, 0.0) / told.took,
        "per_second": len(done) / told.took,
        "latency": {name: at(latencies, share) * 1000 for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))},
        "mean": statistics.mean(latencies) * 1000,
        "cpu_ms": {
            **{part: (after[part] - before[part]) / len(done) * 1000 for part in after},
            "client": own / len(done) * 1000,
        },
    }


def at(ordered: list[float], share: float) -> float:
    """The value that so many of all lie below."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main(arguments: list[str]) -> int:
    """Measure each crowd, keep what was found; 1 if anybody met an error."""
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=__doc__)
    parser.add_argument("--logins", type=int, default=400, help="logins of each crowd (default 400)")
    options = parser.parse_args(arguments)
    sizes = {crowd: max(min(options.logins, crowd * 60), crowd) for crowd in CROWDS}
    rows = []
    with running(WARM + sum(sizes.values())) as laptop:
        people = iter(laptop.people)
        asyncio.run(storm(laptop, [next(people) for _ in range(WARM)], WARM))
        for crowd, logins in sizes.items():
            row = measured(laptop, [next(people) for _ in range(logins)], crowd)
            rows.append(row)
            print(json.dumps(row), flush=True)
    keep("throughput", {"cores": os.cpu_count(), "crowds": rows})
    return int(any(row["errors"] for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
