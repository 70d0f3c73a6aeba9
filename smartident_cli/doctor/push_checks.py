"""Health checks of push messages: whether phones are woken, and whether every push service knows whom to ask."""

from collections.abc import Iterator

from smartident.aws import client
from smartident_cli.deployment import Deployment
from smartident_cli.doctor.health_checks import Finding, Verdict, finding


def push(deployment: Deployment) -> Iterator[Finding]:
    """Whether phones are woken when something waits for them."""
    if deployment.local:
        return
    (stack,) = client("cloudformation").describe_stacks(StackName=deployment.name)["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())}
    hosts = str(given.get("PushHosts", ""))
    yield finding(hosts, "push", otherwise=Verdict.DOUBTFUL, hosts=hosts.replace(",", ", "))
    if hosts:
        # Apple answers nobody who does not say whom to ask (RFC 8292, `sub`).
        yield finding(given.get("PublicUrl"), "push_contact", otherwise=Verdict.DOUBTFUL)
