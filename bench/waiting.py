"""`python -m bench.waiting`: from the phone's approval answered to the page having its token, pushed and polled.

Logins begin at a steady pace that leaves the processors room, the same for every way of waiting; before approving,
each person takes a random time, so that a poll is met at any moment of its round.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from typing import Any

from bench.laptop_stack import Laptop, running
from bench.results import keep
from bench.throughput import at, storm
from bench.virtual_users import VirtualUser

POLLS = (0.5, 1.0, 2.0)
PACE = 8.0
HESITATES = 2.0
WARM = 48


async def paced(laptop: Laptop, people: list[tuple[str, str]], polls: float | None, pace: float) -> list[float]:
    """The seconds that each person's page took after the approval."""
    chance = random.Random(1)  # noqa: S311  a person's hesitation is no secret
    visits = []
    async with asyncio.TaskGroup() as group:
        for number, account_id in people:
            visitor = VirtualUser(laptop, number, account_id, polls)
            visits.append(group.create_task(visitor.log_in(chance.uniform(0, HESITATES))))
            await asyncio.sleep(chance.expovariate(pace))
    return sorted(visit.result().signed_in - visit.result().approved for visit in visits)


def told(waited: list[float]) -> dict[str, float]:
    """The percentiles, in milliseconds."""
    return {name: at(waited, share) * 1000 for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}


def measured(laptop: Laptop, logins: int, pace: float) -> dict[str, Any]:
    """Each way of waiting, one after the other."""
    people = iter(laptop.people)
    asyncio.run(storm(laptop, [next(people) for _ in range(WARM)], WARM))
    ways: dict[str, Any] = {}
    for polls in (None, *POLLS):
        waited = asyncio.run(paced(laptop, [next(people) for _ in range(logins)], polls, pace))
        name = "socket" if polls is None else f"poll {polls:g} s"
        ways[name] = {"logins": len(waited), **told(waited)}
        print(f"{name}: {ways[name]}", flush=True)
    return ways


def main(arguments: list[str]) -> None:
    """Measure, keep what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.waiting", description=__doc__)
    parser.add_argument("--logins", type=int, default=1000, help="logins of each way of waiting (default 1000)")
    parser.add_argument("--pace", type=float, default=PACE, help=f"logins begun per second (default {PACE:g})")
    options = parser.parse_args(arguments)
    with running(WARM + options.logins * (1 + len(POLLS))) as laptop:
        ways = measured(laptop, options.logins, options.pace)
    keep("waiting", {"pace": options.pace, "ways": ways})


if __name__ == "__main__":
    main(sys.argv[1:])
