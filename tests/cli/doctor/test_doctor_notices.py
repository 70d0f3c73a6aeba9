"""`smartident doctor` on notices: whether SES sends to everybody, in whose name, and hears what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.operator import Operator
from tests.support.iam_roles import NOTICE_SENDER
from tests.support.world import World

ACCOUNT = {"ProductionAccessEnabled": True, "SendingEnabled": True, "EnforcementStatus": "HEALTHY"}
DKIM = {"SigningEnabled": True, "Status": "SUCCESS"}
IDENTITY = {"VerifiedForSendingStatus": True, "DkimAttributes": DKIM}
SUPPRESSION = {"SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}}
COUNTED = {"EventDestinations": [{"Name": "bounces", "Enabled": True, "MatchingEventTypes": ["BOUNCE"]}]}
READY: dict[str, dict[str, Any]] = {
    "GetAccount": ACCOUNT,
    "GetEmailIdentity": IDENTITY,
    "GetConfigurationSet": SUPPRESSION,
    "GetConfigurationSetEventDestinations": COUNTED,
}
POINTS = ("NoticeSender", "Mitteilungen", "E-Mails", "SES", "Unzustellbare")


def said(operator: Operator, **changes: str) -> list[str]:
    settings = {"WEBSOCKET_URL": "ws://127.0.0.1:9/", "API_URL": "http://127.0.0.1:9", "NOTICE_SENDER": NOTICE_SENDER}
    told = operator("doctor", **{**settings, **changes})
    return [line for line in told.output.splitlines() if any(one in line for one in POINTS)]


def verdicts(lines: list[str]) -> list[str]:
    return [line.split()[0] for line in lines]


@pytest.fixture(autouse=True)
def _unseen(world: World) -> None:
    """What else the doctor asks is no matter here."""
    for operation in ("GetSMSSandboxAccountStatus", "GetAccountSettings"):
        world.aws.fails(operation, "AccessDenied")


def answered(world: World, **changes: dict[str, Any]) -> None:
    for operation, answer in {**READY, **changes}.items():
        world.aws.tells(operation, answer)


def test_what_is_ready_is_good(operator: Operator, world: World) -> None:
    answered(world)
    lines = said(operator)
    assert verdicts(lines) == ["gut"] * 6
    assert NOTICE_SENDER in lines[0]


@pytest.mark.parametrize(
    ("operation", "answer", "said_so"),
    [
        ("GetAccount", {**ACCOUNT, "ProductionAccessEnabled": False}, "schlecht  Das Konto ist in der SES-Sandbox"),
        ("GetAccount", {**ACCOUNT, "SendingEnabled": False}, "schlecht  SES sendet nicht"),
        ("GetAccount", {**ACCOUNT, "EnforcementStatus": "PROBATION"}, "schlecht  SES sendet nicht"),
        ("GetEmailIdentity", {**IDENTITY, "VerifiedForSendingStatus": False}, "schlecht  SES hat weder"),
        ("GetEmailIdentity", {**IDENTITY, "DkimAttributes": {**DKIM, "Status": "PENDING"}}, "fraglich  E-Mails von"),
        ("GetEmailIdentity", {**IDENTITY, "DkimAttributes": {**DKIM, "SigningEnabled": False}}, "fraglich  E-Mails"),
        ("GetConfigurationSet", {"SuppressionOptions": {}}, "schlecht  Unzustellbare Adressen"),
        ("GetConfigurationSetEventDestinations", {"EventDestinations": []}, "schlecht  Unzustellbare Adressen"),
    ],
)
def test_what_keeps_people_from_being_told_is_named(
    operator: Operator, world: World, operation: str, answer: dict[str, Any], said_so: str
) -> None:
    answered(world, **{operation: answer})
    lines = said(operator)
    assert [line for line in lines if not line.startswith("gut")] == [one for one in lines if one.startswith(said_so)]
    assert verdicts(lines).count("gut") == 5


def test_an_identity_and_a_configuration_set_that_nobody_made_are_named(operator: Operator, world: World) -> None:
    answered(world)
    for operation in ("GetEmailIdentity", "GetConfigurationSet"):
        del world.aws.told[operation]
        world.aws.fails(operation, "NotFoundException", status=404)
    assert verdicts(said(operator)) == ["gut", "gut", "gut", "schlecht", "fraglich", "schlecht"]
    asked = [call.ask for call in world.aws.calls if call.operation == "GetEmailIdentity"]
    assert len(asked) == 2


def test_without_a_sender_nobody_is_asked(operator: Operator, world: World) -> None:
    (line,) = said(operator, NOTICE_SENDER="")
    assert line.startswith("fraglich  NoticeSender ist leer")
    assert "GetAccount" not in world.aws.operations()
