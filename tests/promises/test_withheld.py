"""A permission that a role lacks rings an alarm of the shift, even if the caller hears only that they should ask again.

`tests/http/test_faults.py` covers DynamoDB and Secrets Manager, whose denials reach the caller as a fault of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage

import pytest

from smartident.errors import Refusal
from smartident.notify.browser import SocketPush
from smartident.notify.email import EmailUnavailable, SesEmail
from smartident.notify.event_bridge import EventBridge
from smartident.notify.sms import SnsSms
from smartident.streams.sqs import Sqs
from smartident.tokens.jwks import public_jwk
from tests.support.iam_roles import FUNCTIONS, TEMPLATE, actions
from tests.support.log_lines import Log, logged
from tests.support.world import World


def complete(world: World) -> None:
    world.complete(world.start(world.account(two_factor=False)))


def publish_keys(world: World) -> None:
    public_jwk.cache_clear()
    world.http("GET", "/.well-known/jwks.json")


# Services that refuse softly: the operation, what AWS calls its denial, and what asks for it.
SOFT: dict[str, tuple[str, str, Callable[[World], object]]] = {
    "kms:Sign": ("Sign", "AccessDeniedException", complete),
    "kms:GetPublicKey": ("GetPublicKey", "AccessDeniedException", publish_keys),
    "sns:Publish": ("Publish", "AuthorizationError", lambda _: SnsSms().send("+491701234711", "text")),
    "ses:SendEmail": ("SendEmail", "AccessDeniedException", lambda _: SesEmail().send("a@b.example", EmailMessage())),
    "events:PutEvents": ("PutEvents", "AccessDeniedException", lambda _: EventBridge().send({"type": "x", "at": 1})),
    "sqs:SendMessage": ("SendMessage", "AccessDeniedException", lambda _: Sqs().send("https://sqs", "a", "NOTICE#1")),
    "execute-api:ManageConnections": ("PostToConnection", "ForbiddenException", lambda _: SocketPush().send("a", {})),
}
# SNS asks for this in the name of the role and answers its own call with its denial; Lambda asks for the others.
ASKED_BY_SNS = {"sms-voice:SendTextMessage"}
ASKED_BY_LAMBDA = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
BUSY = "ThrottlingException"


def rings(log: Log) -> bool:
    """Whether a line of the log makes the metric of the alarm Faults, by the template's own filter."""
    (pattern,) = [
        properties["FilterPattern"]
        for _, properties in TEMPLATE.resources("AWS::Logs::MetricFilter")
        if properties["MetricTransformations"][0]["MetricName"] == "Faults"
    ]
    found = re.fullmatch(r'\{ \$\.message = "(\w+)" \}', pattern)
    assert found
    return bool(log.lines(found[1]))


@pytest.mark.parametrize(("code", "alarmed"), [("", True), (BUSY, False)], ids=["denied", "busy"])
@pytest.mark.parametrize("action", SOFT)
def test_a_denial_rings_and_a_busy_service_does_not(world: World, action: str, code: str, *, alarmed: bool) -> None:
    operation, denial, ask = SOFT[action]
    world.aws.fails(operation, code or denial)
    with logged() as log, suppress(Refusal, EmailUnavailable):
        ask(world)
    assert operation in world.aws.operations()
    assert rings(log) is alarmed


def test_every_service_that_a_role_may_use_is_looked_at() -> None:
    used = {action for function in FUNCTIONS for action in actions(function)}
    hard = {action for action in used if action.startswith(("dynamodb:", "secretsmanager:"))}
    assert used - hard == SOFT.keys() | ASKED_BY_SNS | ASKED_BY_LAMBDA


def test_the_alarm_rings_at_the_first_denial_and_takes_the_shift_back() -> None:
    alarms = dict(TEMPLATE.resources("AWS::CloudWatch::Alarm"))
    assert (alarms["FaultsAlarm"]["MetricName"], alarms["FaultsAlarm"]["Threshold"]) == ("Faults", 1)
    assert {"Ref": "FaultsAlarm"} in TEMPLATE.document["Globals"]["Function"]["DeploymentPreference"]["Alarms"]
