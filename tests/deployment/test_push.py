"""What no stand-in shows: how Lambda brings what may wake a phone, and what becomes of a message that fails."""

from __future__ import annotations

import json
from inspect import signature
from typing import Any

from smartident.outbound.post import SECONDS, post
from smartident.storage import keys
from smartident_laptop.template import Template
from tests.support.iam_roles import TEMPLATE, statements

PUSH, OFF = Template(), Template(parameters={"PushHosts": ""})
PARALLEL, MAX_DEVICES = 10, int(TEMPLATE.document["Parameters"]["DevicesPerAccount"]["MaxValue"])


def mapping() -> dict[str, Any]:
    return dict(PUSH.resolve(dict(PUSH.resources("AWS::Lambda::EventSourceMapping"))["PushEvents"]))


def test_the_stream_brings_what_may_wake_a_phone_and_nothing_else() -> None:
    rules = [json.loads(one["Pattern"]) for one in mapping()["FilterCriteria"]["Filters"]]
    new = [{"prefix": "LOGIN#"}, {"prefix": keys.notice("x", "").sk}]
    assert rules == [
        {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": new}}}},
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": [keys.pairing("x").sk]}}}},
    ]
    assert mapping()["FunctionName"] == "Push.Alias"


def test_no_phone_waits_for_another_and_none_rings_when_the_login_is_over() -> None:
    told = mapping()
    assert (told["BatchSize"], told["MaximumBatchingWindowInSeconds"]) == (1, 0)
    assert told["MaximumRecordAgeInSeconds"] <= int(PUSH.parameters["LoginLifetime"])
    assert told["MaximumRetryAttempts"] <= 2
    assert "DestinationConfig" not in told


def test_the_function_outlasts_the_slowest_push_services() -> None:
    assert (SECONDS, signature(post).parameters["seconds"].default) == (2.0, 2.0)
    assert TEMPLATE.functions["Push"].timeout > SECONDS * MAX_DEVICES / PARALLEL


def test_without_hosts_nobody_is_woken_and_no_secret_is_made() -> None:
    assert "PushEvents" not in dict(OFF.resources("AWS::Lambda::EventSourceMapping"))
    secrets = {name for name, _ in PUSH.resources("AWS::SecretsManager::Secret")}
    assert secrets - {name for name, _ in OFF.resources("AWS::SecretsManager::Secret")} == {"PushSecret"}


def test_the_secret_of_push_messages_is_read_by_their_two_functions_alone() -> None:
    readers = {name for name in TEMPLATE.functions if "'PushSecret'" in str(statements(name))}
    assert readers == {"Push", "PushSubscription"}
