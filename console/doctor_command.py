"""`smartident doctor`: a deployment looked over, with a plain verdict on each point."""

from collections.abc import Callable, Iterator

import typer
from botocore.exceptions import BotoCoreError, ClientError

from console.checkups import Finding, Verdict, containers, cors, doors, release, secret, sms, socket, table
from console.deployment import Deployment
from console.operator_options import LAPTOP_PORT, OnLaptop, Port, StackName, at_work
from console.phone_options import Speech

CHECKUPS = (doors, release, cors, socket, table, secret, sms, containers)
STYLES = {Verdict.GOOD: "green", Verdict.DOUBTFUL: "yellow", Verdict.BAD: "red"}


Checkup = Callable[[Deployment], Iterator[Finding]]


def doctor(
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Look a deployment over: doors, release, CORS, keys, clock, table, pepper, SMS, quota. Exit 1 if one is bad."""
    bad = 0
    with at_work(stack, local, port, language) as (deployment, voice):
        for checkup in CHECKUPS:
            for found in _findings(checkup, deployment):
                verdict = voice.text(f"verdict_{found.verdict.value}")
                voice.console.print(f"{verdict:10}", style=STYLES[found.verdict], end="")
                voice.say(found.sentence, **found.values)
                bad += found.verdict is Verdict.BAD
        voice.say("healthy" if not bad else "ill", name=deployment.name, bad=bad)
    if bad:
        raise typer.Exit(1)


def _findings(checkup: Checkup, deployment: Deployment) -> Iterator[Finding]:
    """What a checkup finds, and at its end what it was not allowed to see."""
    try:
        yield from checkup(deployment)
    except (ClientError, BotoCoreError) as error:
        yield Finding(Verdict.DOUBTFUL, "not_checked", {"what": checkup.__name__, "error": error})
