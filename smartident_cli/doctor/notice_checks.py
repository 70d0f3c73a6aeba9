"""Health checks of notices: whether SES sends to everybody, in the operator's name, and hears what comes back."""

from collections.abc import Iterator
from typing import Any

from smartident.aws import client
from smartident_cli.deployment import Deployment
from smartident_cli.doctor.health_checks import Finding, Verdict, finding

HEALTHY = "HEALTHY"


def notices(deployment: Deployment) -> Iterator[Finding]:
    """Whether people can be told what happens to their account."""
    if deployment.local:
        return
    sender = _sender(deployment)
    yield finding(sender, "notices", otherwise=Verdict.DOUBTFUL, sender=sender)
    if sender:
        ses = client("sesv2")
        yield from _account(ses.get_account())
        yield from _identity(ses, sender)
        yield _bounces(ses, f"{deployment.name}-notices")


def _account(account: dict[str, Any]) -> Iterator[Finding]:
    yield finding(account.get("ProductionAccessEnabled"), "ses_sandbox")
    status = account.get("EnforcementStatus", "?")
    yield finding(account.get("SendingEnabled") and status == HEALTHY, "ses_sending", status=status)


def _identity(ses: Any, sender: str) -> Iterator[Finding]:
    """The address itself, or else its domain, as SES has verified it."""
    found: dict[str, Any] = {}
    for name in (sender, sender.rpartition("@")[2]):
        try:
            found = ses.get_email_identity(EmailIdentity=name)
        except ses.exceptions.NotFoundException:
            continue
        break
    yield finding(found.get("VerifiedForSendingStatus"), "ses_verified", sender=sender)
    dkim = found.get("DkimAttributes", {})
    signs = dkim.get("SigningEnabled") and dkim.get("Status") == "SUCCESS"
    yield finding(signs, "ses_dkim", otherwise=Verdict.DOUBTFUL, sender=sender)


def _bounces(ses: Any, name: str) -> Finding:
    """Whether the stack's configuration set keeps addresses that bounced, and has their number counted."""
    try:
        kept = ses.get_configuration_set(ConfigurationSetName=name).get("SuppressionOptions", {})
        told = ses.get_configuration_set_event_destinations(ConfigurationSetName=name).get("EventDestinations", ())
    except ses.exceptions.NotFoundException:
        return finding(None, "ses_bounces", name=name)
    counted = any(one.get("Enabled") and "BOUNCE" in one["MatchingEventTypes"] for one in told)
    return finding("BOUNCE" in kept.get("SuppressedReasons", ()) and counted, "ses_bounces", name=name)


def _sender(deployment: Deployment) -> str:
    (stack,) = client("cloudformation").describe_stacks(StackName=deployment.name)["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())}
    return str(given.get("NoticeSender", ""))
