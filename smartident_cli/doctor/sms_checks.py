"""Health checks of SMS: to which countries, under which sender ID, and how many the month's limit allows."""

from collections.abc import Iterator

from smartident.aws import client
from smartident.notify.sms import CALLING_CODES, sender_of
from smartident.settings import settings
from smartident_cli.deployment import Deployment
from smartident_cli.doctor.health_checks import Finding, Verdict, finding
from smartident_cli.doctor.sender_rules import READ_ON, REGISTRATION, WITHOUT_REGISTRATION
from smartident_cli.sender.policy import opens_to_sns, read_policy

DEFAULT_SPEND = 1
DAYS, USD_PER_SMS = 30, 0.10
"""What an SMS to Germany costs, about; docs/cost.md."""


def countries(_: Deployment) -> Iterator[Finding]:
    """Whether the service knows the calling code of every country that gets SMS."""
    listed = settings().sms_countries
    unknown = ", ".join(country for country in listed if country not in CALLING_CODES)
    yield finding(listed and not unknown, "countries", countries=", ".join(listed), unknown=unknown)


def senders(deployment: Deployment) -> Iterator[Finding]:
    """Whether each country delivers SMS under its sender ID."""
    named = {country: sender_of(country) for country in settings().sms_countries if sender_of(country)}
    unread = ", ".join(
        country for country in named if country not in REGISTRATION | dict.fromkeys(WITHOUT_REGISTRATION)
    )
    yield finding(not unread, "sender_rules", otherwise=Verdict.DOUBTFUL, countries=unread, read_on=READ_ON)
    for country in named.keys() & REGISTRATION.keys():
        yield from _registered(country, named[country], deployment)


def sms(deployment: Deployment) -> Iterator[Finding]:
    """Whether an SMS reaches everybody, how much they may cost, and whether SNS logs what became of them."""
    if deployment.local:
        return
    sns = client("sns")
    sandbox = sns.get_sms_sandbox_account_status()["IsInSandbox"]
    yield finding(not sandbox, "sandbox")
    names = ["MonthlySpendLimit", "DeliveryStatusIAMRole"]
    attributes = sns.get_sms_attributes(attributes=names)["attributes"]
    spend = float(attributes.get("MonthlySpendLimit") or DEFAULT_SPEND)
    yield _limit(spend)
    assumed = _assumed_limit(deployment)
    yield finding(
        assumed == spend, "spend_alarm", otherwise=Verdict.DOUBTFUL, assumed=f"{assumed:g}", spend=f"{spend:g}"
    )
    yield finding(attributes.get("DeliveryStatusIAMRole"), "delivery_logs", otherwise=Verdict.DOUBTFUL)


def _limit(spend: float) -> Finding:
    """Whether the month's limit lasts for the daily budget: beyond it SNS accepts SMS and sends none."""
    budget = settings().sms_daily_budget
    needed = budget * DAYS * USD_PER_SMS
    values = {"spend": f"{spend:g}", "budget": budget, "needed": f"{needed:g}"}
    return finding(spend >= needed, "spend", otherwise=Verdict.DOUBTFUL, **values)


def _assumed_limit(deployment: Deployment) -> float:
    """The month's limit for which the stack's alarm was made."""
    (stack,) = client("cloudformation").describe_stacks(StackName=deployment.name)["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())}
    return float(given.get("SmsMonthlyLimit", DEFAULT_SPEND))


def _registered(country: str, sender: str, deployment: Deployment) -> Iterator[Finding]:
    if deployment.local:
        return
    messaging = client("pinpoint-sms-voice-v2")
    since = REGISTRATION[country] or "?"
    try:
        asked = [{"SenderId": sender, "IsoCountryCode": country}]
        (found,) = messaging.describe_sender_ids(SenderIds=asked)["SenderIds"]
    except messaging.exceptions.ResourceNotFoundException:
        found = {}
    yield finding(found.get("Registered"), "sender_registered", country=country, sender=sender, since=since)
    if found:
        open_to_sns = opens_to_sns(read_policy(messaging, found["SenderIdArn"]))
        yield finding(open_to_sns, "sender_policy", country=country, sender=sender)
