"""Faults: what breaks on our side is logged once without what the caller sent, and says plainly what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smartident import aws
from smartident.settings import SettingMissing, Settings, settings
from smartident.storage.writes import MAX_TRANSACTION_CONFLICTS
from tests.support.log_lines import logged
from tests.support.world import World

START = {"identifier": "123456", "password": "Geheim-Geheim"}


def start(world: World) -> tuple[int, dict[str, str], Any]:
    return world.http("POST", "/v1/logins", START)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("GetItem", "ProvisionedThroughputExceededException"),
        ("GetItem", "ThrottlingException"),
        ("GetItem", "RequestLimitExceeded"),
        ("UpdateItem", "InternalServerError"),
        ("GetItem", ""),
        ("UpdateItem", ""),
    ],
    ids=["throughput", "throttling", "account limit", "failing write", "no answer", "no answer to a write"],
)
def test_a_table_that_is_busy_asks_to_come_back(world: World, operation: str, code: str) -> None:
    if code:
        world.aws.fails(operation, code)
    else:
        world.aws.vanishes(operation)
    status, headers, body = start(world)
    assert (status, body["code"], headers["Retry-After"]) == (503, "service_unavailable", "1")
    world.aws.mends()
    assert start(world)[0] == 401


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"])
def test_what_asking_again_does_not_mend_is_a_fault_of_ours(world: World, code: str) -> None:
    world.aws.fails("GetItem", code)
    assert start(world)[2]["code"] == "internal_error"


def test_a_transaction_that_fails_for_no_condition_is_no_conflict(world: World) -> None:
    jonas = world.account(two_factor=False)
    world.aws.fails("TransactWriteItems", "TransactionCanceledException", reason="ThrottlingError")
    world.aws.calls.clear()
    _, _, body = world.http("POST", "/v1/logins", {"identifier": jonas.number, "password": "Vier-Esel-42"})
    assert body["code"] == "service_unavailable"
    assert world.aws.operations().count("TransactWriteItems") == 1


def test_a_write_that_is_in_the_way_of_another_is_asked_again(world: World) -> None:
    world.aws.fails("UpdateItem", "TransactionConflictException", times=4)
    assert start(world)[0] == 401


def test_a_write_that_is_always_in_the_way_gives_up(world: World) -> None:
    world.aws.fails("UpdateItem", "TransactionConflictException")
    world.aws.calls.clear()
    assert start(world)[2]["code"] == "service_unavailable"
    assert world.aws.operations().count("UpdateItem") == MAX_TRANSACTION_CONFLICTS


def test_a_failing_put_is_no_conflict(world: World) -> None:
    world.aws.fails("PutItem", "InternalServerError")
    assert start(world)[2]["code"] == "service_unavailable"


def test_a_missing_pepper_lets_nobody_in(world: World) -> None:
    from smartident.crypto import pepper  # noqa: PLC0415  only here is it forgotten

    pepper.pepper.cache_clear()
    world.aws.fails("GetSecretValue", "AccessDeniedException")
    assert start(world)[2]["code"] == "internal_error"


def test_a_fault_is_logged_once_by_kind_and_place_and_never_by_its_text(world: World) -> None:
    world.set(ARGON2_TIME="0")
    with logged() as log:
        status, headers, body = start(world)
    assert (status, body["code"], set(body)) == (
        500,
        "internal_error",
        {"type", "title", "status", "code", "request_id"},
    )
    [fault] = log.lines("fault")
    assert fault["error"] == "ValueError"
    assert any("hashing.py" in place for place in fault["where"])
    assert fault["request_id"] == headers["X-Request-Id"]
    assert "iterations must" not in log.text + json.dumps(body)
    assert "Geheim" not in log.text


def test_a_request_is_one_line_that_names_no_one(world: World) -> None:
    with logged() as log:
        _, headers, _ = start(world)
    [line] = log.lines("request")
    assert (line["route"], line["status"], line["request_id"]) == ("POST /v1/logins", 401, headers["X-Request-Id"])
    assert line["milliseconds"] >= 0
    assert [entry["code"] for entry in log.lines("refusal")] == ["invalid_credentials"]
    assert "123456" not in log.text


# Settings


@pytest.mark.parametrize("name", [name.upper() for name in Settings.__dataclass_fields__])
def test_a_missing_setting_says_where_to_add_it(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    settings.cache_clear()
    with pytest.raises(SettingMissing) as missing:
        settings()
    assert str(missing.value) == f"{name} is not set: add it to Globals.Function.Environment in template.yaml"


def test_a_number_that_is_none_says_what_to_mend(world: World) -> None:
    world.set(LOGIN_LIFETIME="three minutes")
    with pytest.raises(SettingMissing) as missing:
        settings()
    assert str(missing.value) == ("LOGIN_LIFETIME must be a whole number: correct its parameter in template.yaml")


def test_a_missing_setting_is_a_fault_that_tells_the_caller_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLIENT_ID")
    settings.cache_clear()
    _, _, body = start(world)
    assert body["code"] == "internal_error"
    assert "CLIENT_ID" not in json.dumps(body)


def test_lists_are_read_without_their_blanks(world: World) -> None:
    world.set(SMS_COUNTRIES=" DE, AT ,,CH,")
    assert settings().sms_countries == ("DE", "AT", "CH")


def test_settings_are_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = settings()
    monkeypatch.setenv("LOGIN_LIFETIME", "1")
    assert settings() is before


# Clients


def test_a_container_has_one_client_of_a_service(world: World) -> None:
    assert aws.client("kms") is aws.client("kms")


def test_no_call_outlasts_the_function_and_none_that_costs_is_repeated(world: World) -> None:
    for attempts in (2, 1):
        config = aws.client("sns", attempts=attempts).meta.config
        assert (config.connect_timeout, config.read_timeout) == (1, 2)
        assert config.retries["total_max_attempts"] == attempts


def test_a_refusal_that_took_longer_than_the_fixed_time_leaves_at_once(world: World) -> None:
    world.set(FAILED_ANSWER_MS=1)
    assert [start(world)[0] for _ in range(2)] == [401, 401]
