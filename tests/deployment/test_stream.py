"""What no stand-in shows of the table's stream: at most two read it, and no address outside holds it up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smartident.aws import CONNECT_SECONDS, READ_SECONDS
from smartident.pings.outbox import USEFUL_SECONDS
from smartident.storage import ciba_keys, client_keys, keys
from smartident_laptop.template import Template
from tests.support.iam_roles import statements

# All that an operator can switch on, and nothing of it.
ALL = Template(parameters={"NoticeSender": "a@b.example", "EventBus": "programs", "SessionLifetime": "28800"})
FEWEST = Template(parameters={"PushHosts": "", "SessionLifetime": "0"})
STREAM = "Table.StreamArn"
# DynamoDB's own advice: more than two processes at one shard are throttled.
MAX_READERS = 2
QUEUES = {"Notices": "Notify", "Pings": "Ping", "Logouts": "BackChannelLogout"}
HOUR = 3600


def mappings(template: Template = ALL) -> list[dict[str, Any]]:
    found = [one for _, one in template.resources("AWS::Lambda::EventSourceMapping")]
    return [dict(template.resolve(one)) for one in found]


def mapping_of(function: str) -> dict[str, Any]:
    (found,) = [one for one in mappings() if one["FunctionName"] == f"{function}.Alias"]
    return found


def queue(name: str) -> dict[str, Any]:
    return dict(ALL.resolve(dict(ALL.resources("AWS::SQS::Queue"))[name]))


def test_at_most_two_read_the_stream() -> None:
    readers = [one["FunctionName"] for one in mappings() if one["EventSourceArn"] == STREAM]
    assert sorted(readers) == ["Dispatch.Alias", "Push.Alias"]
    assert len(readers) <= MAX_READERS
    may = {name for name in ALL.functions if "dynamodb:GetRecords" in str(statements(name))}
    assert may == {"Dispatch", "Push"}


def test_who_hands_on_calls_nothing_but_the_queues() -> None:
    """Neither the table nor an address outside: nothing but SQS can hold it up."""
    stream, queues = [dict(ALL.resolve(one)) for one in statements("Dispatch")]
    assert stream["Resource"] == STREAM
    assert (queues["Action"], queues["Resource"]) == ("sqs:SendMessage", [f"{name}.Arn" for name in QUEUES])


def test_every_outbox_that_is_read_goes_to_its_queue_and_nothing_else_does() -> None:
    def prefixes(template: Template) -> set[str]:
        (mapping,) = [one for one in mappings(template) if one["FunctionName"] == "Dispatch.Alias"]
        rules = [json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"]]
        assert all(one["eventName"] == ["INSERT"] for one in rules)
        return {one["dynamodb"]["Keys"]["sk"]["S"][0]["prefix"] for one in rules}

    assert prefixes(ALL) == {keys.NOTICES, ciba_keys.PINGS, client_keys.LOGOUTS}
    assert prefixes(FEWEST) == {ciba_keys.PINGS}
    assert {one["FunctionName"] for one in mappings(FEWEST)} == {"Dispatch.Alias", "Ping.Alias"}


def test_what_only_sqs_can_refuse_is_never_given_up_before_the_stream_forgets_it() -> None:
    mapping = mapping_of("Dispatch")
    assert mapping.keys().isdisjoint({"MaximumRetryAttempts", "MaximumRecordAgeInSeconds"})
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BatchSize"] * (CONNECT_SECONDS + READ_SECONDS) <= ALL.functions["Dispatch"].timeout


@pytest.mark.parametrize(("name", "function"), QUEUES.items())
def test_a_queue_brings_to_its_function_what_failed_alone_and_not_while_it_is_at_work(name: str, function: str) -> None:
    mapping = mapping_of(function)
    assert mapping["EventSourceArn"] == f"{name}.Arn"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    # Lambda's own advice.
    assert queue(name)["VisibilityTimeout"] >= 6 * ALL.functions[function].timeout
    (reading,) = [one for one in statements(function) if "sqs:" in str(one["Action"])]
    assert ALL.resolve(reading["Resource"]) == f"{name}.Arn"


@pytest.mark.parametrize(("name", "hours"), [("Notices", 6), ("Logouts", 1)])
def test_what_cannot_be_told_waits_where_an_alarm_looks_and_still_names_its_item(name: str, hours: int) -> None:
    """A queue's dead letters are its messages; a stream's would only say where in the stream they stood."""
    redrive = queue(name)["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == f"Untold{name}.Arn"
    assert redrive["maxReceiveCount"] * queue(name)["VisibilityTimeout"] == hours * HOUR
    assert queue(f"Untold{name}")["MessageRetentionPeriod"] == 14 * 24 * HOUR
    alarms = {key: str(ALL.resolve(one)) for key, one in ALL.resources("AWS::CloudWatch::Alarm")}
    rings = alarms[f"{name}StuckAlarm"]
    assert f"Untold{name}.QueueName" in rings
    assert f"'{name}.QueueName'" in rings


def test_a_ping_is_given_up_when_nobody_needs_it_any_more() -> None:
    assert queue("Pings")["MessageRetentionPeriod"] == USEFUL_SECONDS
    assert "RedrivePolicy" not in queue("Pings")


def test_a_stream_that_nobody_hands_on_rings() -> None:
    alarm = str(ALL.resolve(dict(ALL.resources("AWS::CloudWatch::Alarm"))["NoticesStuckAlarm"]))
    assert "IteratorAge" in alarm
    assert "'Dispatch'" in alarm
