"""`python -m bench.database`: what each story reads and writes, how large rows are, and that neither grows.

Counted at botocore's door while moto answers: calls, rows, bytes and capacity units, no time.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import moto

from bench import bulk_rows, journeys
from bench.in_process_client import Declined, InProcessClient
from bench.journeys import Person
from bench.meter import Entry, Meter, kind_of, size_of
from bench.recording import enrolled, provisioned, seed_account
from bench.results import keep
from smartident_laptop.moto import dynamodb
from smartident_laptop.moto.cloud import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCOUNTS = (1_000, 10_000, 100_000)
EVENTS = (1_000, 10_000)
# Events enough for a page to be full.
QUICK = (10, 100, 1_000), (200, 1_000)
AN_HOUR = 3600
_numbers = itertools.count(100_200_301)


class Counting:
    """Plays stories and keeps their books."""

    def __init__(self) -> None:
        self.client = InProcessClient()
        os.environ.update({**provisioned(self.client.template), "FAILED_ANSWER_MS": "0"})
        self.meter = Meter(look=bulk_rows.look)
        self.meter.start()

    def somebody(self, *, passkey: bool = False, two_factor: bool = True) -> Person:
        """A person with an account and, if it asks for a second factor, a phone."""
        person = Person(str(next(_numbers)), passkey=passkey)
        seed_account(person.number, two_factor=two_factor)
        if two_factor:
            enrolled(self.client, person, self.meter)
        return person

    def somebody_who_logged_in(self) -> Person:
        """A person after a first login, which alone has no login before it to look at."""
        person = self.somebody()
        journeys.log_in(self.client, person)
        person.login = {}
        return person

    def booked(self, story: Callable[[], object]) -> list[Entry]:
        """What a story reads and writes."""
        self.meter.booked()
        with suppress(Declined):
            story()
        return self.meter.booked()

    def stories(self, anna: Person) -> dict[str, list[Entry]]:
        """Every story, told of somebody who has a phone."""
        client, other = self.client, Person(str(next(_numbers)))
        seed_account(other.number)
        jonas, passkey = self.somebody(two_factor=False), self.somebody(passkey=True)
        by_password = (journeys.begin, journeys.complete)
        told = {
            "enrolment": self.booked(lambda: enrolled(client, other, self.meter)),
            "login": self.booked(lambda: journeys.log_in(client, anna)),
            "login with a passkey": self.booked(lambda: journeys.log_in(client, passkey)),
            "login by password alone": self.booked(lambda: [step(client, jonas) for step in by_password]),
            "wrong password": self.booked(lambda: journeys.begin(client, anna, "falsch")),
            "unknown access number": self.booked(lambda: journeys.begin(client, Person(f"9{next(_numbers)}"))),
            "status asked once": self.booked(lambda: journeys.poll(client, anna)),
            "devices listed": self.booked(lambda: journeys.look_around(client, anna, journeys.DEVICES)),
            "events listed, a page": self.booked(lambda: journeys.look_around(client, anna, journeys.EVENTS)),
        }
        anna.login = {}
        for step in (journeys.begin, journeys.see):
            step(client, anna)
        told["login declined"] = self.booked(lambda: journeys.deny(client, anna))
        told["device revoked"] = self.booked(lambda: journeys.revoke(client, anna))
        return told


def summed(entries: list[Entry]) -> dict[str, float]:
    """A story's work as one line."""
    reads = [entry for entry in entries if entry.read_units]
    checks = [entry for entry in entries if entry.what == "ConditionCheck"]
    return {
        "reads": len(reads),
        "writes": len(entries) - len(reads) - len(checks),
        "checks": len(checks),
        "rows_read": sum(entry.rows for entry in reads),
        "bytes_read": sum(entry.size for entry in reads),
        "read_units": sum(entry.read_units for entry in entries),
        "write_units": sum(entry.write_units for entry in entries),
    }


def rows() -> dict[str, dict[str, Any]]:
    """The rows that the stories left, each kind's largest."""
    largest: dict[str, dict[str, Any]] = {}
    for partition in bulk_rows.table().items.values():
        for item in partition.values():
            row = item.to_json()["Attributes"]
            kind = kind_of(row) + (f" {row['state']['S']}" if "state" in row else "")
            kind += " with a passkey" if "assertion" in str(row.get("receipt")) or "credential_id" in row else ""
            if size_of(row) > largest.get(kind, {"bytes": 0})["bytes"]:
                sizes = sorted(((size_of({name: value}), name) for name, value in row.items()), reverse=True)
                largest[kind] = {"bytes": size_of(row), "attributes": {name: size for size, name in sizes[:4]}}
    return dict(sorted(largest.items()))


def measured(accounts: tuple[int, ...], events: tuple[int, ...]) -> dict[str, Any]:
    """The stories in a small table, in ever larger ones, and after a long history."""
    counting = Counting()
    found = within_an_hour(lambda: counting.stories(counting.somebody_who_logged_in()))
    told: dict[str, Any] = {
        "stories": {
            name: {**summed(entries), "entries": [asdict(one) for one in entries]} for name, entries in found.items()
        },
        "rows": rows(),
    }
    told["accounts"] = {str(count): story_sums(counting) for count in growing(counting, accounts)}
    told["events"] = {str(count): story_sums(counting, past=count) for count in events}
    return told


def growing(counting: Counting, accounts: tuple[int, ...]) -> Iterator[int]:
    """Each size of the table, once it is reached."""
    anna, held = counting.somebody(), 0
    for count in accounts:
        bulk_rows.fill(anna.account_id, anna.number, range(held, count))
        held = count
        yield count


def story_sums(counting: Counting, past: int = 0) -> dict[str, dict[str, float]]:
    """The stories' lines, told of somebody with so many past events."""

    def tell() -> dict[str, list[Entry]]:
        anna = counting.somebody_who_logged_in()
        if past:
            bulk_rows.lengthen(anna.account_id, past, age=2 * AN_HOUR)
        return counting.stories(anna)

    return {name: summed(entries) for name, entries in within_an_hour(tell).items()}


def within_an_hour(tell: Callable[[], dict[str, list[Entry]]]) -> dict[str, list[Entry]]:
    """The stories as they are told within one hour: an account counts its failures by the hour."""
    while True:
        hour = time.time() // AN_HOUR
        told = tell()
        if time.time() // AN_HOUR == hour:
            return told


def main(arguments: list[str]) -> None:
    """Count, keep what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.database", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="with fewer accounts and events")
    options = parser.parse_args(arguments)
    os.environ.update(CREDENTIALS)
    dynamodb.return_items_unchanged()
    dynamodb.query_one_partition()
    dynamodb.roll_back_by_item()
    with moto.mock_aws():
        told = measured(*(QUICK if options.quick else (ACCOUNTS, EVENTS)))
    keep("database", told)
    for name, story in told["stories"].items():
        print(name, {part: value for part, value in story.items() if part != "entries"})


if __name__ == "__main__":
    main(sys.argv[1:])
