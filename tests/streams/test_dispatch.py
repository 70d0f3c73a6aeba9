"""What is new in the outboxes goes to its queue, and no address outside holds up the stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from dispatch.step import dispatch
from smartident.errors import ServiceUnavailable
from smartident.storage import ciba_keys, client_keys, keys
from smartident.streams.queue import entry
from smartident.streams.sqs import Sqs
from smartident_laptop.runtime.container import LambdaContext
from tests.support.log_lines import logged
from tests.support.postman import batch, queued

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import World

NOTICE, LOGOUT = keys.notice("a", "1").sk, client_keys.logout("a", "1").sk
PING = ciba_keys.ping("a", "1", "approved").sk
QUEUES = {"NOTICES_QUEUE": "notices", "PINGS_QUEUE": "pings", "LOGOUTS_QUEUE": "logouts"}
CONTEXT = LambdaContext("Notify", 512, 30, "a-request")


class PaperQueues:
    """Queues on paper."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, queue_url: str, account_id: str, sort_key: str) -> None:
        """Write it down."""
        self.sent.append((queue_url, account_id, sort_key))


@pytest.mark.parametrize(
    ("sort_key", "queue"), [(NOTICE, "notices"), (PING, "pings"), (LOGOUT, "logouts")], ids=["notice", "ping", "logout"]
)
def test_each_outbox_has_its_queue(world: World, sort_key: str, queue: str) -> None:
    world.set(**QUEUES)
    queues = PaperQueues()
    dispatch("a", sort_key, queues=queues)
    assert queues.sent == [(queue, "a", sort_key)]


def test_what_is_in_no_outbox_goes_nowhere(world: World) -> None:
    world.set(**QUEUES)
    queues = PaperQueues()
    dispatch("a", keys.new_login("a", "1").sk, queues=queues)
    assert queues.sent == []


@pytest.fixture
def inbox(world: World) -> Callable[[], list[dict[str, str]]]:
    """The queue of notices: what is in it."""
    sqs: Any = boto3.client("sqs")
    url = sqs.create_queue(QueueName="notices-of-a-test")["QueueUrl"]
    sqs.delete_queue(QueueUrl=url)
    sqs.create_queue(QueueName="notices-of-a-test")
    world.set(**{**QUEUES, "NOTICES_QUEUE": url})

    def messages() -> list[dict[str, str]]:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(one["Body"]) for one in answer.get("Messages", ())]

    return messages


def test_a_message_names_an_item_and_says_nothing_of_it(
    world: World, inbox: Callable[[], list[dict[str, str]]]
) -> None:
    assert world.answer("dispatch.handler.handler", batch(("a", NOTICE))) == {"batchItemFailures": []}
    assert inbox() == [{"pk": "a", "sk": NOTICE}]


def test_what_sqs_does_not_take_comes_again(world: World, inbox: Callable[[], list[dict[str, str]]]) -> None:
    world.aws.fails("SendMessage", "InternalError", status=500)
    with pytest.raises(ServiceUnavailable):
        Sqs().send("notices", "a", NOTICE)
    answer = world.answer("dispatch.handler.handler", batch(("a", NOTICE)))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "100"}]}
    assert inbox() == []


def taking(failing: tuple[str, ...] = ()) -> tuple[Any, list[str]]:
    """The handler of a queue, and what it took."""
    taken: list[str] = []

    def take(_account_id: str, sort_key: str, _now: int) -> None:
        if sort_key in failing:
            raise ServiceUnavailable("somebody is still to be told")
        taken.append(sort_key)

    return entry(take, outbox="notices"), taken


def test_one_message_that_fails_comes_again_and_holds_up_no_other() -> None:
    first, second, third = (f"{keys.NOTICES}{number}" for number in (1, 2, 3))
    handler, taken = taking((second,))
    answer = handler(queued(("a", first), ("a", second), ("b", third)), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "101"}]}
    assert taken == [first, third]


def test_a_message_that_names_another_item_changes_nothing_and_is_told_as_a_fault() -> None:
    """Who may write to a queue could otherwise have any pending item claimed."""
    handler, taken = taking()
    with logged() as log:
        answer = handler(queued(("a", keys.new_login("a", "1").sk)), CONTEXT)
    assert (taken, answer) == ([], {"batchItemFailures": [{"itemIdentifier": "100"}]})
    assert len(log.lines("fault")) == 1
