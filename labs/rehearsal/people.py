"""People for the rehearsal: each of its walks is somebody's own, so that no limit of an account is met."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from labs.rehearsal.client_server import bank
from labs.rehearsal.stand_in import OPERATOR
from labs.rehearsal.walker import PAGE
from smartident_laptop.demo.accounts import DEMO_ACCOUNTS, DemoAccount, seed
from smartident_laptop.moto.cloud import CREDENTIALS
from smartident_laptop.runtime.containers import Containers

if TYPE_CHECKING:
    from labs.rehearsal.deployment import Deployment


FIRST, NEIGHBOURS = 100_300_000, 50_000


def person(number: int) -> DemoAccount:
    """One of them; no phone of the stand-in's rings."""
    return DemoAccount(
        number=f"{FIRST + number}",
        password=f"Probenpause-{number}",
        display_name=f"Statist {number}",
        email=f"statist{number}@example.org",
        phone=f"+49176040690{number % 100:02d}",
        two_factor=True,
        kind="",
    )


def neighbour(one: DemoAccount) -> DemoAccount:
    """Somebody else at the same address, who has not signed in there, and has no e-mail."""
    return replace(person(int(one.number) - FIRST + NEIGHBOURS), email="")


def seeded(deployment: Deployment, walkers: int) -> list[DemoAccount]:
    """Give accounts to the laptop's people and to so many walkers with their neighbours; the walkers."""
    found = [person(number) for number in range(walkers)]
    settings = deployment.environment("Login")
    containers = Containers({}, {**settings, **CREDENTIALS, **OPERATOR, "AWS_ENDPOINT_URL": deployment.stand_in.url})
    try:
        seed(
            containers,
            (*DEMO_ACCOUNTS, *found, *map(neighbour, found)),
            (bank(PAGE, deployment.stand_in, [*found, *map(neighbour, found)]),),
        )
    finally:
        containers.close()
    return found
