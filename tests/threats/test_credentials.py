"""Threats against what is known and stored: guessing, telling apart, locking out, stolen tables, insiders."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smartident.accounts.account import Account
from smartident.accounts.item.row import AccountRow
from smartident.crypto.pepper import pepper
from smartident.errors import LoginNotFound, TooManyAttempts
from smartident.passwords.hashing import is_password
from smartident_laptop.template import Template
from tests.support.browser_tab import Tab
from tests.support.iam_roles import FUNCTIONS, actions
from tests.support.password_guesses import WRONG, attempted, item_of
from tests.support.stored_items import items
from tests.support.world import HOME, PASSWORD, World


def answered(world: World, identifier: str, password: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """A start over the handler, without what differs by design: the id of the request."""
    status, headers, body = world.http("POST", "/v1/logins", {"identifier": identifier, "password": password})
    headers.pop("X-Request-Id")
    body.pop("request_id")
    return status, headers, body


def test_enumeration_meets_the_same_bytes_and_the_same_work(world: World) -> None:
    anna = world.account(email="anna@example.test")
    names = (anna.number, "999999", "anna@example.test", "nobody@example.test")
    for identifier in names:
        answered(world, identifier, WRONG)
    asked, work = [], []
    for identifier in names:
        world.aws.clear()
        asked.append(answered(world, identifier, WRONG))
        work.append(world.aws.operations())
    assert all(answer == asked[0] for answer in asked)
    assert asked[0][2]["code"] == "invalid_credentials"
    assert (work[0], work[2]) == (work[1], work[3])


def test_ambiguous_email_is_like_none_whatever_the_password(world: World) -> None:
    for _ in range(2):
        world.account(email="both@example.test")
    for password in (WRONG, PASSWORD):
        assert answered(world, "both@example.test", password) == answered(world, "none@example.test", password)
    rows = [row for row in AccountRow.scan() if row.email]
    assert {json.dumps(row.failed_attempts.as_dict()) for row in rows} == {"{}"}


def test_lockout_by_a_crowd_of_strangers_keeps_the_owner_at_home_in(world: World) -> None:
    world.set(FAILURES_PER_HOUR=10)
    anna = world.account()
    phone = world.phone(anna)
    waited = [attempted(world, anna, client_address=f"192.0.2.{number}") for number in range(15)]
    assert waited.count("wrong") == 10
    started = world.start(anna)
    assert world.approve(phone, started) == "approved"
    assert world.complete(started)["token_type"] == "Bearer"


def test_hot_partition_is_none_that_two_accounts_share(world: World) -> None:
    """But counters that are there to be shared: of SMS and of client addresses, written by enrolments and failures."""
    keys = []
    for number in ("+491701234711", "+41781234711"):
        world.aws.clear()
        anna, phone = world.account(phone=number), world.new_phone()
        world.verify(world.register(anna, phone), phone)
        started = world.start(anna)
        world.approve(phone, started)
        world.complete(started)
        keys.append({key for call in world.aws.calls for key in partitions(call.ask)})
    shared = {key for key in keys[0] & keys[1] if key is not None}
    assert {key.split("#")[1] for key in shared} <= {"sms-budget", "address"}


def partitions(ask: dict[str, Any]) -> set[str]:
    """The partitions that a call of the table touches."""
    parts = [one for item in ask.get("TransactItems", []) for one in item.values()] or [ask]
    return {(part.get("Key") or part["Item"])["pk"]["S"] for part in parts if "Key" in part or "Item" in part}


def test_stolen_database_dump_opens_nothing(world: World) -> None:
    """Every text of the table, as token, ticket, password, code and bearer of a waiting and an approved login."""
    anna = world.account()
    phone = world.phone(anna)
    waiting, approved = world.start(anna), world.start(anna)
    world.approve(phone, approved)
    registered = world.register(anna, world.new_phone())
    code, kept = world.sms.code(), str(item_of(anna).password_hash)
    loot = sorted(texts(list(items())))
    assert len(loot) > 40
    for text in loot:
        for started in (waiting, approved):
            bearer = {"authorization": f"Bearer {text}"}
            assert world.http("POST", f"/v1/logins/{started.login.id}/complete", headers=bearer)[0] == 404
            assert Tab(world).connect("smartident.v1", f"{started.login.id}.{text}")[0] in {400, 403, 404}
        assert not is_password(text, kept)
    assert registered.registration_id.partition(".")[2] in " ".join(loot)
    assert not {code, approved.token, approved.transfer_code, PASSWORD} & set(loot)
    with pytest.raises(LoginNotFound):
        world.complete(type(approved)(approved.login, approved.login.token_hash, None))
    assert pepper() not in " ".join(loot).encode()


def texts(found: Any) -> set[str]:
    """Every text in what the table holds."""
    if isinstance(found, dict):
        return set().union(*map(texts, found.values()))
    if isinstance(found, list):
        return set().union(*map(texts, found))
    return {str(found)}


def test_insider_roles_sign_decide_and_send_apart() -> None:
    """Nobody but the deploying account can do two of these, and nobody at all delete what happened."""
    for function in FUNCTIONS:
        powers = {"sns:Publish", "kms:Sign", "dynamodb:DeleteItem", "dynamodb:Scan"} & actions(function)
        assert len(powers) <= 1
        assert not powers & {"dynamodb:DeleteItem", "dynamodb:Scan"}


def test_downgrade_of_an_enrolled_account_is_not_to_be_had_by_asking(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    ask = {"identifier": anna.number, "password": PASSWORD}
    for wish in ({"two_factor": False}, {"amr": "pwd"}, {"method": "sms"}, {"acr": "1"}, {"version": 0}):
        assert world.http("POST", "/v1/logins", {**ask, **wish})[0] == 400
    for headers in ({"x-http-method-override": "PUT"}, {"accept": "application/vnd.smartident.v0+json"}):
        status, _, begun = world.http("POST", "/v1/logins", ask, headers=headers)
        assert (status, begun["status"]) == (201, "pending")
    assert {route.path.split("/")[1] for route in Template().routes} == {"v1", "oauth2", ".well-known"}


def test_password_spraying_meets_the_limit_of_its_address(world: World) -> None:
    world.set(ADDRESS_FAILURES=5)
    people: list[Account] = [world.account() for _ in range(7)]
    answers = [attempted(world, one, client_address="203.0.113.99") for one in people]
    assert answers.count("wrong") == 5
    with pytest.raises(TooManyAttempts):
        world.start(people[-1], client_address="203.0.113.99")
    assert HOME not in str(item_of(people[0]).attribute_values)


CLAIMS = ("x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip")


def test_guessing_from_addresses_that_are_only_claimed_has_the_attempts_of_one(world: World) -> None:
    """The address is the one that API Gateway saw; what a header says of it is anybody's."""
    anna = world.account(two_factor=False)
    statuses = []
    for number in range(7):
        headers = dict.fromkeys(CLAIMS, f"203.0.113.{number}") | {"forwarded": f"for=203.0.113.{number}"}
        ask = {"identifier": anna.number, "password": WRONG}
        statuses.append(world.http("POST", "/v1/logins", ask, headers=headers)[0])
    assert statuses == [401] * 5 + [429] * 2
