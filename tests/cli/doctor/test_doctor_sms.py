"""`smartident doctor` on SMS: what a country asks of a sender ID, and whether the month's limit lasts."""

from __future__ import annotations

import json
import re

import pytest

from smartident_cli.doctor.sender_rules import READ_ON, REGISTRATION, WITHOUT_REGISTRATION
from smartident_laptop.template import ROOT, Template
from tests.cli.operator import Operator
from tests.support.world import World

ARN = "arn:aws:sms-voice:eu-central-1:123456789012:sender-id/Finanz/AT"
SENDERS = {"SMS_COUNTRIES": "DE,AT", "SMS_SENDERS": "AT=Finanz"}
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


def policy(principal: str, action: str = "sms-voice:SendTextMessage") -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"Service": principal}, "Action": action}]})


def said(operator: Operator, **changes: str) -> list[str]:
    told = operator("doctor", WEBSOCKET_URL="ws://127.0.0.1:9/", API_URL="http://127.0.0.1:9", **changes)
    return [line for line in told.output.splitlines() if re.search(r"SMS|SNS|SmsSpend|Absendername", line)]


@pytest.mark.parametrize(
    ("registered", "held", "verdicts"),
    [
        (None, None, {"schlecht  AT stellt unregistrierte Absendernamen nicht zu (seit 2026-10-01)"}),
        (False, policy("sns.amazonaws.com"), {"schlecht  AT stellt", "gut       SNS darf den Absendernamen Finanz"}),
        (True, None, {"gut       Der Absendername Finanz ist", "schlecht  SNS darf den Absendernamen Finanz"}),
        (True, policy("other.amazonaws.com"), {"gut       Der Absendername", "schlecht  SNS darf den Absendernamen"}),
        (True, policy("sns.amazonaws.com", "s:Other"), {"gut       Der Absendername", "schlecht  SNS darf den"}),
        (True, policy("sns.amazonaws.com"), {"gut       Der Absendername Finanz", "gut       SNS darf den"}),
    ],
    ids=["unknown to AWS", "in registration", "no policy", "for another", "for something else", "ready"],
)
def test_a_country_that_asks_for_registration(
    operator: Operator, world: World, registered: bool | None, held: str | None, verdicts: set[str]
) -> None:
    if registered is None:
        world.aws.fails("DescribeSenderIds", "ResourceNotFoundException")
    else:
        world.aws.tells("DescribeSenderIds", {"SenderIds": [{"SenderIdArn": ARN, "Registered": registered}]})
    if held is None:
        world.aws.fails("GetResourcePolicy", "ResourceNotFoundException")
    else:
        world.aws.tells("GetResourcePolicy", {"Policy": held})
    lines = [line for line in said(operator, **SENDERS) if "Finanz" in line]
    assert len(lines) == len(verdicts)
    assert all(any(line.startswith(verdict) for line in lines) for verdict in verdicts)


def test_without_a_sender_no_country_is_asked(operator: Operator, world: World) -> None:
    lines = said(operator, SMS_COUNTRIES="DE,AT,NO", SMS_SENDERS="AT=,NO=")
    assert not [line for line in lines if "unregistrierte" in line]
    assert "DescribeSenderIds" not in world.aws.operations()


def test_a_country_of_which_nothing_is_known_is_doubtful(operator: Operator, world: World) -> None:
    lines = said(operator, SMS_COUNTRIES="DE,NO,PL")
    assert any(line.startswith("fraglich  Ob diese Länder unregistrierte") and "NO, PL" in line for line in lines)


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [
        ("3000", "gut       SMS dürfen 3000 USD"),
        ("2999", "fraglich  SMS dürfen nur 2999 USD"),
        ("", "fraglich  SMS dürfen nur 1 USD"),
    ],
    ids=["lasts", "does not last", "AWS's own"],
)
def test_the_months_limit_against_the_daily_budget(operator: Operator, world: World, limit: str, verdict: str) -> None:
    world.aws.tells("GetSMSSandboxAccountStatus", {"IsInSandbox": False})
    attributes = {"MonthlySpendLimit": limit, "DeliveryStatusIAMRole": "arn:aws:iam::123456789012:role/x"}
    world.aws.tells("GetSMSAttributes", {"attributes": attributes})
    lines = said(operator, SMS_DAILY_BUDGET="1000")
    assert any(line.startswith(verdict) for line in lines)
    knows = (
        "gut       Der Alarm SmsSpend kennt" if limit == "3000" else "fraglich  Der Alarm SmsSpend rechnet mit 3000 USD"
    )
    assert any(line.startswith(knows) for line in lines)
    assert any(line.startswith("gut       SNS schreibt auf, was aus jeder SMS wurde") for line in lines)


def test_the_docs_know_the_same_countries() -> None:
    rows = re.findall(r"^\| ((?:[A-Z]{2})(?:, [A-Z]{2})*) \| (.+?) \| (.*?) \|", OPERATE, re.MULTILINE)
    told = {country: since for countries, _, since in rows for country in countries.split(", ")}
    assert told.keys() == REGISTRATION.keys() | WITHOUT_REGISTRATION
    assert {country: since for country, since in told.items() if REGISTRATION.get(country)} == {
        country: since for country, since in REGISTRATION.items() if since
    }
    assert READ_ON == "2026-11-28"
    assert "Read on 28 November 2026" in OPERATE


def test_no_default_country_asks_for_registration() -> None:
    """A new deployment sends SMS that arrive."""
    countries = Template().document["Parameters"]["SmsCountries"]["Default"].split(",")
    assert set(countries) <= WITHOUT_REGISTRATION
