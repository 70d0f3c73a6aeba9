"""`smartident doctor`: a deployment looked over, with a plain verdict on each point."""

from collections.abc import Callable, Iterator

import typer
from botocore.exceptions import BotoCoreError, ClientError

from smartident_cli.deployment import Deployment
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.doctor.client_checks import clients
from smartident_cli.doctor.health_checks import (
    Finding,
    Verdict,
    address,
    containers,
    cors,
    doors,
    release,
    secret,
    socket,
    table,
)
from smartident_cli.doctor.notice_checks import notices
from smartident_cli.doctor.push_checks import push
from smartident_cli.doctor.sms_checks import countries, senders, sms
from smartident_cli.options import AsJson, LanguageOption

CHECKS = (
    address,
    doors,
    release,
    cors,
    clients,
    socket,
    table,
    secret,
    countries,
    senders,
    sms,
    notices,
    push,
    containers,
)
STYLES = {Verdict.GOOD: "green", Verdict.DOUBTFUL: "yellow", Verdict.BAD: "red"}


Check = Callable[[Deployment], Iterator[Finding]]


def doctor(
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Look a deployment over: doors, release, CORS, keys, clock, table, pepper, SMS, quota. Exit 1 if one is bad."""
    bad = 0
    said: list[dict[str, str]] = []
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, deployment):
        for check in CHECKS:
            for found in _findings(check, deployment):
                verdict = terminal.text(f"verdict_{found.verdict.value}")
                terminal.console.print(f"{verdict:10}", style=STYLES[found.verdict], end="")
                terminal.say(found.sentence, **found.values)
                bad += found.verdict is Verdict.BAD
                said.append({"verdict": found.verdict.value, "found": terminal.text(found.sentence, **found.values)})
        terminal.say("healthy" if not bad else "ill", name=deployment.name, bad=bad)
        terminal.answer(deployment=deployment.name, bad=bad, findings=said)
    if bad:
        raise typer.Exit(1)


def _findings(check: Check, deployment: Deployment) -> Iterator[Finding]:
    """What a check finds, and at its end what it was not allowed to see."""
    try:
        yield from check(deployment)
    except (ClientError, BotoCoreError) as error:
        yield Finding(Verdict.DOUBTFUL, "not_checked", {"what": check.__name__, "error": error})
