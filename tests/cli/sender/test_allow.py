"""`smartident sender allow`: SNS may send under a registered sender ID, and nothing else of its policy changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from smartident.aws import client
from smartident_cli.sender.policy import opens_to_sns, read_policy

if TYPE_CHECKING:
    from tests.cli.operator import Operator
    from tests.support.world import World

ARN = "arn:aws:sms-voice:eu-central-1:123456789012:sender-id/Finanz/AT"
SENDERS = {"SMS_COUNTRIES": "DE,AT", "SMS_SENDERS": "AT=Finanz,DE="}
SNS = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sms-voice:SendTextMessage"}
OTHER = {**SNS, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Resource": ARN}


@pytest.fixture
def registered(world: World) -> World:
    """AWS knows the sender ID, and nobody has given it a policy."""
    world.aws.tells("DescribeSenderIds", {"SenderIds": [{"SenderIdArn": ARN, "Registered": True}]})
    world.aws.fails("GetResourcePolicy", "ResourceNotFoundException")
    world.aws.tells("PutResourcePolicy", {"ResourceArn": ARN})
    return world


def put(world: World) -> list[dict[str, Any]]:
    """The policies that the command has put."""
    sent = [call.ask for call in world.aws.calls if call.operation == "PutResourcePolicy"]
    assert {one["ResourceArn"] for one in sent} <= {ARN}
    return [json.loads(one["Policy"]) for one in sent]


def test_sns_may_send_once_the_operator_says_yes(operator: Operator, registered: World) -> None:
    told = operator("sender", "allow", "at", typed="j\n", **SENDERS)
    assert told.exit_code == 0, told.output
    assert put(registered) == [{"Version": "2012-10-17", "Statement": [{**SNS, "Resource": ARN}]}]
    assert ARN in told.stdout
    assert "SNS darf unter Finanz senden." in told.stdout


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_without_a_yes_nothing_changes(operator: Operator, registered: World, typed: str) -> None:
    told = operator("sender", "allow", "AT", typed=typed, **SENDERS)
    assert told.exit_code == 1
    assert put(registered) == []


def test_what_the_policy_says_besides_stays(operator: Operator, registered: World) -> None:
    registered.aws.mends()
    registered.aws.tells("GetResourcePolicy", {"Policy": json.dumps({"Version": "2012-10-17", "Statement": OTHER})})
    assert operator("sender", "allow", "AT", "--yes", **SENDERS).exit_code == 0
    assert put(registered)[0]["Statement"] == [OTHER, {**SNS, "Resource": ARN}]


def test_a_second_time_nothing_is_left_to_do(operator: Operator, registered: World) -> None:
    registered.aws.mends()
    registered.aws.tells(
        "GetResourcePolicy", {"Policy": json.dumps({"Statement": [{**SNS, "Action": [SNS["Action"]]}]})}
    )
    told = operator("sender", "allow", "AT", "--json", **SENDERS)
    assert json.loads(told.stdout) == {"country": "AT", "sender": "Finanz", "arn": ARN, "changed": False}
    assert put(registered) == []


@pytest.mark.parametrize(
    ("country", "said"),
    [("DE", "Für DE schickt der Dienst keine SMS unter einem"), ("FR", "Für FR schickt der Dienst keine SMS")],
    ids=["no sender ID there", "no SMS there"],
)
def test_only_a_sender_id_of_the_stack_is_opened(
    operator: Operator, registered: World, country: str, said: str
) -> None:
    told = operator("sender", "allow", country, "--yes", **SENDERS)
    assert (told.exit_code, put(registered)) == (1, [])
    assert said in told.stderr


def test_a_sender_id_that_aws_does_not_know_is_registered_first(operator: Operator, registered: World) -> None:
    registered.aws.fails("DescribeSenderIds", "ResourceNotFoundException")
    told = operator("sender", "allow", "AT", "--yes", **SENDERS)
    assert (told.exit_code, put(registered)) == (1, [])
    assert "AWS kennt Finanz für AT nicht" in told.stderr


def test_a_registration_that_waits_opens_nothing(operator: Operator, registered: World) -> None:
    registered.aws.tells("DescribeSenderIds", {"SenderIds": [{"SenderIdArn": ARN, "Registered": False}]})
    told = operator("sender", "allow", "AT", "--yes", **SENDERS)
    assert (told.exit_code, put(registered)) == (1, [])
    assert "noch nicht registriert" in told.stderr


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_denial_of_sns_is_no_opening(effect: str) -> None:
    assert opens_to_sns({"Statement": [{**SNS, "Effect": effect}]}) is (effect == "Allow")


@pytest.mark.usefixtures("registered")
def test_a_sender_id_without_a_policy_has_no_statements() -> None:
    assert read_policy(client("pinpoint-sms-voice-v2"), ARN) == {"Version": "2012-10-17", "Statement": []}
