"""Step 7: the app shows what waits under "Freigabe", as the very bytes that get signed."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from login.step import Credentials, start_login
from smartident.statements.login import RequestOrigin
from smartident_client import base64url
from tests.support import forged_evidence
from tests.support.scenarios import CHANGED_MY_MIND, Scene, scene_of
from tests.support.world import AGENT, HOME, NOW, ORIGIN, PASSWORD, World


def test_the_app_shows_what_gets_signed(scene: Scene) -> None:
    (listed,) = scene.world.listed(scene.phone)
    assert listed == {
        "login_id": scene.started.login.id,
        "purpose": "smartident-login",
        "statement": scene.statement,
        "expires_at": NOW + 180,
        "transfer_code_digits": 6,
    }
    said = json.loads(base64url.decode(listed["statement"]))
    assert len(said.pop("nonce")) >= 16
    assert said.pop("audit_log").startswith("1.")
    assert said == {
        "v": 2,
        "purpose": "smartident-login",
        "login_id": scene.started.login.id,
        "client": "financeapp",
        "origin": ORIGIN,
        "access_number": scene.anna.number,
        "ip": HOME,
        "place": None,
        "browser": "Chrome",
        "os": "Windows",
        "requested_at": NOW,
        "expires_at": NOW + 180,
    }


def test_no_two_statements_are_the_same(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    first, second = world.start(anna), world.start(anna)
    nonces = {json.loads(started.login.statement)["nonce"] for started in (first, second)}
    assert len(nonces) == 2


def test_the_app_shows_only_what_waits_newest_first(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    first = world.start(anna)
    world.later(1)
    second = world.start(anna)
    world.later(1)
    denied = world.start(anna)
    world.decide(phone, denied.login.id, CHANGED_MY_MIND)
    assert [entry["login_id"] for entry in world.listed(phone)] == [second.login.id, first.login.id]
    world.later(178)
    assert [entry["login_id"] for entry in world.listed(phone)] == [second.login.id]
    world.later(3600)
    assert world.listed(phone) == []


def test_nobody_sees_what_waits_for_others(scene: Scene) -> None:
    assert scene.world.listed(scene.world.phone(scene.world.account())) == []


AGENTS: dict[str, tuple[str, str]] = {
    AGENT: ("Chrome", "Windows"),
    AGENT + " Edg/139.0": ("Edge", "Windows"),
    AGENT + " OPR/120.0": ("Opera", "Windows"),
    "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0": ("Firefox", "Linux"),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15": ("Safari", "macOS"),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1": ("Safari", "iOS"),
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) CriOS/126.0 Safari/604.1": ("Chrome", "iPadOS"),
    "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36": ("Samsung Internet", "Android"),
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/126.0 Safari/537.36": ("Chrome", "ChromeOS"),
    "curl/8.9": ("?", "?"),
    "": ("?", "?"),
    "x" * 512 + "Firefox/1": ("?", "?"),
}


@pytest.mark.parametrize(("agent", "named"), AGENTS.items(), ids=[" on ".join(named) for named in AGENTS.values()])
def test_the_person_reads_which_browser_asks(world: World, agent: str, named: tuple[str, str]) -> None:
    anna = world.account()
    phone = world.phone(anna)
    start_login(Credentials(anna.number, PASSWORD), request_origin=RequestOrigin(HOME, agent, ORIGIN), now=world.now)
    said = json.loads(base64url.decode(world.listed(phone)[0]["statement"]))
    assert (said["browser"], said["os"]) == named


def test_the_steps_over_http(world: World) -> None:
    world.now = int(time.time())
    scene = scene_of(world)
    status, _, told = world.send(scene.phone, "GET", "/v1/approvals")
    assert (status, [entry["login_id"] for entry in told["approvals"]]) == (200, [scene.started.login.id])
    path = f"/v1/approvals/{scene.started.login.id}"
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    status, _, told = world.send(scene.phone, "POST", path, {"decision": "approve", "evidence": evidence})
    assert (status, told) == (200, {"status": "approved"})
    status, _, told = world.send(scene.phone, "POST", path, {"decision": "deny", "reason": "not_me"})
    assert (status, told) == (200, {"status": "denied"})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "approve"},
        {"decision": "deny"},
        {"decision": "deny", "reason": "bored"},
        {"decision": "later", "evidence": {}},
        {"decision": "deny", "reason": "not_me", "evidence": {}},
        {"decision": "approve", "evidence": []},
    ],
    ids=str,
)
def test_a_decision_that_is_none_is_refused_over_http(world: World, body: dict[str, Any]) -> None:
    world.now = int(time.time())
    scene = scene_of(world)
    status, _, problem = world.send(scene.phone, "POST", f"/v1/approvals/{scene.started.login.id}", body)
    assert (status, problem["code"]) == (400, "invalid_request")
    assert scene.still_waits()


def test_a_phone_is_told_of_those_that_came_after_it_and_can_decide(world: World) -> None:
    anna = world.account()
    first = world.phone(anna)
    assert world.shown(first) == {"approvals": []}
    world.later(60)
    second = world.paired_phone(first, anna)
    third = world.paired_phone(second, anna)
    assert [one["device_id"] for one in world.shown(first)["other_devices"]] == sorted(
        (second.key.thumbprint, third.key.thumbprint)
    )
    assert world.shown(first)["other_devices"][0]["registered_at"] == world.now
    assert set(world.shown(first)["other_devices"][0]) == {"device_id", "name", "registered_at"}
    world.revoke(first, third.key.thumbprint)
    assert [one["device_id"] for one in world.shown(first)["other_devices"]] == [second.key.thumbprint]
    assert [one["device_id"] for one in world.shown(second)["other_devices"]] == [first.key.thumbprint]


def test_two_phones_of_one_second_are_told_of_each_other(world: World) -> None:
    anna = world.account()
    one = world.phone(anna)
    other = world.paired_phone(one, anna)
    assert [told["device_id"] for told in world.shown(one)["other_devices"]] == [other.key.thumbprint]
    assert [told["device_id"] for told in world.shown(other)["other_devices"]] == [one.key.thumbprint]


def test_a_phone_is_told_of_no_other_accounts_devices(world: World) -> None:
    phone = world.phone(world.account())
    world.later(1)
    world.phone(world.account())
    assert world.shown(phone) == {"approvals": []}
