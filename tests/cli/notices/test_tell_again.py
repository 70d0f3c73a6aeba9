"""`smartident notices tell-again`: what was given up is told, from the queue in which it waits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from smartident_cli.notices.command import LOGOUTS, NOTICES
from smartident_laptop.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.operator import Operator
    from tests.support.world import World


@pytest.fixture
def give_up(world: World, operator: Operator) -> Callable[[str, int], None]:
    """Leave so many messages in one of the stack's queues, and none in the other; SQS takes what the command asks."""
    world.aws.tells("StartMessageMoveTask", {"TaskHandle": "x"})
    sqs: Any = boto3.client("sqs")
    described: Any = boto3.client("cloudformation").describe_stack_resource
    stack = operator.stack()

    def url_of(queue: str) -> str:
        found = described(StackName=stack, LogicalResourceId=queue)["StackResourceDetail"]["PhysicalResourceId"]
        return str(found)

    for queue in (NOTICES, LOGOUTS):
        while found := sqs.receive_message(QueueUrl=url_of(queue), MaxNumberOfMessages=10).get("Messages"):
            for one in found:
                sqs.delete_message(QueueUrl=url_of(queue), ReceiptHandle=one["ReceiptHandle"])

    def leave(queue: str, number: int) -> None:
        for place in range(number):
            sqs.send_message(QueueUrl=url_of(queue), MessageBody=str(place))

    return leave


def moved(world: World) -> list[str]:
    """The queues whose messages the command has SQS move back to where they came from."""
    asked = [call.ask for call in world.aws.calls if call.operation == "StartMessageMoveTask"]
    assert all(one.keys() == {"SourceArn"} for one in asked)
    return [next(name for name in (NOTICES, LOGOUTS) if name in one["SourceArn"]) for one in asked]


def test_what_was_given_up_is_told_once_the_operator_says_yes(
    operator: Operator, world: World, give_up: Callable[[str, int], None]
) -> None:
    give_up(NOTICES, 2)
    told = operator("notices", "tell-again", typed="j\n")
    assert told.exit_code == 0, told.output
    assert "2 Benachrichtigungen sind wieder unterwegs." in told.stdout
    assert moved(world) == [NOTICES]


def test_without_a_yes_everything_stays_where_it_is(
    operator: Operator, world: World, give_up: Callable[[str, int], None]
) -> None:
    give_up(NOTICES, 1)
    assert operator("notices", "tell-again", typed="n\n").exit_code == 1
    assert moved(world) == []


def test_clients_are_told_of_logouts_again(
    operator: Operator, world: World, give_up: Callable[[str, int], None]
) -> None:
    give_up(LOGOUTS, 1)
    told = json.loads(operator("notices", "tell-again", "--logouts", "--yes", "--json").stdout)
    assert (told["kind"], told["told_again"]) == ("logouts", 1)
    assert moved(world) == [LOGOUTS]


def test_where_nothing_was_given_up_nobody_is_asked(
    operator: Operator, world: World, give_up: Callable[[str, int], None]
) -> None:
    give_up(LOGOUTS, 1)
    told = operator("notices", "tell-again")
    assert (told.exit_code, "Keine Benachrichtigung wurde aufgegeben." in told.stdout) == (0, True)
    assert moved(world) == []


def test_the_queues_are_the_templates_own_and_sqs_may_move_their_messages_back() -> None:
    """SQS moves only what came from another queue: from there, and back to there."""
    template = Template()
    queues = [template.resolve(one) for _, one in template.resources("AWS::SQS::Queue")]
    sources = {one["RedrivePolicy"]["deadLetterTargetArn"] for one in queues if "RedrivePolicy" in one}
    assert {f"{NOTICES}.Arn", f"{LOGOUTS}.Arn"} <= sources
