"""`python -m bench.throughput`: full logins per second through the laptop stack, with ever more people at once."""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from typing import Any

from bench.crowd import Moments, Visitor
from bench.laptop import Laptop, running
from bench.results import keep

CROWDS = (1, 8, 32, 128)
WARM = 48


async def storm(laptop: Laptop, people: list[tuple[str, str]], at_once: int) -> tuple[list[Moments], float]:
    """Everybody logs in, so many at a time; each one's moments and the seconds that all of it took."""
    queue, done = iter(people), []

    async def one_after_another() -> None:
        for number, access_id in queue:
            done.append(await Visitor(laptop, number, access_id).log_in())

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_another())
    return done, time.monotonic() - began


def measured(laptop: Laptop, people: list[tuple[str, str]], at_once: int) -> dict[str, Any]:
    """One crowd: its logins per second, its latency, and who used the processors."""
    before, own = laptop.cpu_seconds(), time.process_time()
    done, took = asyncio.run(storm(laptop, people, at_once))
    after, own = laptop.cpu_seconds(), time.process_time() - own
    latencies = sorted(one.signed_in - one.began for one in done)
    return {
        "people": at_once,
        "logins": len(done),
        "errors": len(people) - len(done),
        "per_second": len(done) / took,
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


def main(arguments: list[str]) -> None:
    """Measure each crowd, keep what was found."""
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
            print(
                f"{crowd:4} at once: {row['per_second']:.1f} logins/s, {row['latency']}, CPU ms {row['cpu_ms']}",
                flush=True,
            )
    keep("throughput", {"cores": os.cpu_count(), "crowds": rows})


if __name__ == "__main__":
    main(sys.argv[1:])
