"""Step 6: whoever asks learns from no answer whether a name is known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.password_guesses import WRONG
from tests.support.stepping_clock import STEP, stepping_clock
from tests.support.world import World

SHARED = "familie.berger@example.test"


def answers_of(world: World, identifier: str) -> Any:
    """Status, headers and body of a start without what differs in every answer."""
    status, headers, body = world.http("POST", "/v1/logins", {"identifier": identifier, "password": WRONG})
    body.pop("request_id")
    headers.pop("X-Request-Id")
    return status, headers, body


@pytest.mark.parametrize(
    "identifier",
    ["999999999", "nobody@example.test", "@", "\ufdfa" * 254],
    ids=["a number", "an e-mail", "hardly anything", "letters that grow when folded"],
)
def test_unknown_and_wrong_answer_the_same_bytes_however_often(world: World, identifier: str) -> None:
    world.stop_the_clock()
    anna = world.account()
    wrong = [answers_of(world, anna.number) for _ in range(7)]
    unknown = [answers_of(world, identifier) for _ in range(7)]
    assert wrong[:5] == unknown[:5] == [wrong[0]] * 5
    assert [status for status, *_ in wrong] == [status for status, *_ in unknown] == [401] * 5 + [429] * 2


def test_no_name_makes_a_key_that_dynamodb_does_not_take(world: World) -> None:
    answers_of(world, "\ufdfa" * 254)
    keys = [call.ask.get("Key") or call.ask["Item"] for call in world.aws.calls if "TableName" in call.ask]
    assert keys
    assert max(len(key["pk"]["S"].encode()) for key in keys) <= 2048


def test_a_shared_email_with_a_wrong_password_answers_as_unknown(world: World) -> None:
    world.account(email=SHARED)
    world.account(email=SHARED)
    assert answers_of(world, SHARED) == answers_of(world, "nobody@example.test")


def test_unknown_and_wrong_make_the_same_calls_once_both_have_been_tried(world: World) -> None:
    anna = world.account()
    for identifier in (anna.number, "999999999"):
        answers_of(world, identifier)
    world.aws.clear()
    answers_of(world, anna.number)
    wrong = world.aws.operations()
    world.aws.clear()
    answers_of(world, "999999999")
    assert world.aws.operations() == wrong == ["GetItem", "UpdateItem", "UpdateItem"]


def test_every_refusal_leaves_at_one_fixed_time(world: World) -> None:
    world.set(FAILED_ANSWER_MS=60)
    clock = stepping_clock(world.monkeypatch, world.now)
    for identifier in (world.account().number, "999999999"):
        answers_of(world, identifier)
    assert clock.slept == [pytest.approx(0.060 - STEP)] * 2
