"""The laptop's stream tells what happened, once, and brings it to the function that the template names."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError

from smartident_laptop.demo.accounts import MIRIAM
from smartident_laptop.moto.cloud import TABLE_NAME, Cloud
from smartident_laptop.runtime import event_source
from smartident_laptop.runtime.containers import FunctionFailed
from smartident_laptop.runtime.event_source import EventSource, EventSources, event_sources, matches
from smartident_laptop.stack import Stack
from smartident_laptop.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITH_NOTICES = Template(parameters={"NoticeSender": "a@b.example"})
PATTERN = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "NOTICE#"}]}}}}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    cloud = Cloud(Template(parameters={"AllowedOrigins": "https://pages.example"}))
    cloud.start()
    try:
        cloud.provision()
        yield cloud
    finally:
        cloud.stop()


def put(name: str) -> dict[str, Any]:
    item = {"pk": {"S": "a"}, "sk": {"S": name}}
    return {"Put": {"TableName": TABLE_NAME, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def told(cloud: Cloud, after: int) -> list[tuple[str, str]]:
    return [(one["eventName"], one["dynamodb"]["Keys"]["sk"]["S"]) for one in cloud.stream_records(after)]


def test_the_stream_tells_each_write_once_and_nothing_of_what_was_undone(cloud: Cloud) -> None:
    table = cloud.client("dynamodb")
    table.transact_write_items(TransactItems=[put("NOTICE#1"), put("NOTICE#2")])
    with pytest.raises(ClientError):
        table.transact_write_items(TransactItems=[put("NOTICE#3"), put("NOTICE#2")])
    table.update_item(
        TableName=TABLE_NAME,
        Key={"pk": {"S": "a"}, "sk": {"S": "NOTICE#4"}},
        UpdateExpression="SET x = :x",
        ExpressionAttributeValues={":x": {"N": "1"}},
    )
    assert told(cloud, 0) == [("INSERT", "NOTICE#1"), ("INSERT", "NOTICE#2"), ("INSERT", "NOTICE#4")]
    records = cloud.stream_records(0)
    numbers = [int(one["dynamodb"]["SequenceNumber"]) for one in records]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert not any({"NewImage", "OldImage"} & one["dynamodb"].keys() for one in records)
    assert told(cloud, 2) == [("INSERT", "NOTICE#4")]


def record(number: int, sk: str = "NOTICE#1", event: str = "INSERT") -> dict[str, Any]:
    return {"eventName": event, "dynamodb": {"Keys": {"sk": {"S": sk}}, "SequenceNumber": str(number)}}


@pytest.mark.parametrize(
    ("one", "fits"),
    [
        (record(1), True),
        (record(1, event="MODIFY"), False),
        (record(1, sk="LOGIN#1"), False),
        ({"eventName": "INSERT"}, False),
    ],
)
def test_the_filter_lets_new_notices_through(one: dict[str, Any], *, fits: bool) -> None:
    (source,) = [each for each in event_sources(WITH_NOTICES) if each.function == "Dispatch"]
    assert PATTERN in source.patterns
    assert source.wants(one) is fits


def test_a_queue_is_for_its_function_alone() -> None:
    sources = {one.function: one for one in event_sources(WITH_NOTICES)}
    assert {name: one.queue for name, one in sources.items()} == {
        "Dispatch": None,
        "Notify": "Notices",
        "Ping": "Pings",
        "Push": None,
    }
    assert sources["Notify"].wants({"messageId": "1", "body": "{}"})


def test_a_rule_that_the_laptop_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match="anything-but"):
        matches({"a": "b"}, {"a": [{"anything-but": "b"}]})


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_source, "RETRY_SECONDS", 0.0)


STREAM, QUEUE = EventSource("Notify", (PATTERN,), 2), EventSource("Notify", (), 2, "Notices")


def delivered(answers: list[Any], records: list[dict[str, Any]], source: EventSource = STREAM) -> list[list[str]]:
    """The batches that the function got, until everything is through."""
    batches: list[list[str]] = []

    def invoke(function: str, event: dict[str, Any]) -> Any:
        assert function == "Notify"
        batches.append([one.get("messageId") or one["dynamodb"]["SequenceNumber"] for one in event["Records"]])
        answer = answers.pop(0) if answers else []
        if answer == "dies":
            raise FunctionFailed("out of memory")
        return {"batchItemFailures": [{"itemIdentifier": one} for one in answer]}

    failures: list[str] = []
    sources = EventSources([source], Mock(), invoke, failures.append)
    sources._deliver(source, records)
    return batches


@pytest.mark.parametrize(
    ("answers", "batches"),
    [([], [["1", "2"], ["3"]]), ([["1"]], [["1", "2"], ["3", "1"]]), (["dies"], [["1", "2"], ["3", "1"], ["2"]])],
    ids=["all well", "the first fails", "the function dies"],
)
def test_a_message_that_failed_comes_again_alone_and_nobody_waits_for_it(
    answers: list[Any], batches: list[list[str]]
) -> None:
    messages = [{"messageId": str(number), "body": "{}"} for number in (1, 2, 3)]
    assert delivered(answers, messages, QUEUE) == batches


def test_a_message_reaches_who_waits_for_it_once(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="Notices")["QueueUrl"]
    for body in ("first", "second"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    assert [one["body"] for one in cloud.messages("Notices", 0)] == ["first", "second"]
    assert [one["body"] for one in cloud.messages("Notices", 1)] == ["second"]
    assert cloud.environment["NOTICES_QUEUE"] == url


@pytest.mark.parametrize(
    ("answers", "batches"),
    [
        ([], [["1", "2"], ["3"]]),
        ([["2"]], [["1", "2"], ["2", "3"]]),
        ([["1"]], [["1", "2"], ["1", "2"], ["3"]]),
        (["dies"], [["1", "2"], ["1", "2"], ["3"]]),
    ],
    ids=["all well", "the second fails", "the first fails", "the function dies"],
)
def test_a_batch_comes_again_from_the_first_record_that_failed(answers: list[Any], batches: list[list[str]]) -> None:
    assert delivered(answers, [record(1), record(2), record(3)]) == batches


def test_who_enrols_a_phone_finds_an_e_mail_about_it(tmp_path: Path) -> None:
    with Stack() as stack:
        assert stack.cloud
        stack.enrol(MIRIAM, tmp_path / "phone.json")
        until = time.monotonic() + 10
        while not (mails := stack.cloud.mails()) and time.monotonic() < until:
            time.sleep(0.05)
        (mail,) = mails
        assert (mail.address, mail.subject) == (MIRIAM.email, "FinanceApp: Ein neues Gerät wurde eingerichtet")
        assert "mailto" not in mail.text
        assert "hilfe@financeapp.example" in mail.html
        assert stack.cloud.mails(1) == []
