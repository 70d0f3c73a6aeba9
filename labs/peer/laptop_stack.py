"""`python -m labs.peer.laptop_stack PEOPLE [PARAMETER=VALUE…]`: the laptop stack as a process, with so many people.

Says where it and its SMS are by a line of JSON, and ends when its standard input closes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from smartident_laptop.demo.accounts import SEED_HANDLER
from smartident_laptop.stack import Stack

PASSWORD = "Sommerregen-17"  # noqa: S105  of people who live for one measurement
FIRST_NUMBER = 500_000_001


def person(place: int) -> dict[str, object]:
    """The account of somebody."""
    return {
        "number": str(FIRST_NUMBER + place),
        "password": PASSWORD,
        "display_name": f"Person {place}",
        "email": f"person{place}@example.org",
        "phone": f"+49176040{69000 + place}",
        "two_factor": True,
    }


def main(people: int, parameters: dict[str, str]) -> None:
    """Serve until standard input closes."""
    # People who are enrolled within a minute would meet the limits of a day.
    parameters = {"SmsDailyBudget": "100000", "SmsPerPrefixDay": "100000", **parameters}
    parameters = {"SmsDailyBudget": "100000", **parameters}
    with (
        Path("/dev/null").open("w", encoding="utf-8") as log,
        Stack(seed=False, parameters=parameters, log=log) as stack,
    ):
        if stack.containers is None or stack.cloud is None:
            raise RuntimeError("the stack did not start")
        seed = {"people": [person(place) for place in range(people)], "clients": []}
        stack.containers.call(SEED_HANDLER, seed, name="Seed")
        print(json.dumps({"url": stack.url, "sms": f"{stack.cloud.url}/local/sms"}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), dict(entry.split("=", 1) for entry in sys.argv[2:]))
