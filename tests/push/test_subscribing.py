"""A phone says where it lets itself be woken: only itself, only through a push service that the operator allows."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from smartident.push import vapid
from smartident.push.endpoint import is_allowed
from smartident_client import base64url
from smartident_client.push import PushSubscription
from tests.support.push_service import ENDPOINT, subscribed
from tests.support.world import Phone, World

GOOD = "https://fcm.googleapis.com/fcm/send/abc"


def path_of(phone: Phone) -> str:
    return f"/v1/devices/{phone.key.thumbprint}/push"


@pytest.fixture
def phone(world: World) -> Phone:
    world.stop_the_clock()
    return world.phone(world.account())


def ask_of(**changes: Any) -> dict[str, Any]:
    return {**PushSubscription.make(GOOD).ask(vapid.application_server_key()), **changes}


def test_a_phone_is_told_our_key_and_then_where_it_is_woken(world: World, phone: Phone) -> None:
    _, _, told = world.send(phone, "GET", path_of(phone))
    assert told == {"application_server_key": vapid.application_server_key(), "endpoint_sha256": None}
    made = subscribed(world, phone)
    _, _, told = world.send(phone, "GET", path_of(phone))
    digest = base64url.encode(hashlib.sha256(made.endpoint.encode()).digest())
    assert told["endpoint_sha256"] == digest


def test_a_phone_that_subscribes_elsewhere_is_woken_there(world: World, phone: Phone) -> None:
    subscribed(world, phone)
    second = subscribed(world, phone, endpoint=ENDPOINT.format("elsewhere"))
    _, _, told = world.send(phone, "GET", path_of(phone))
    assert told["endpoint_sha256"] == base64url.encode(hashlib.sha256(second.endpoint.encode()).digest())


def test_a_phone_unsubscribes_and_may_do_so_twice(world: World, phone: Phone) -> None:
    subscribed(world, phone)
    for _ in range(2):
        assert world.send(phone, "DELETE", path_of(phone))[0] == 204
    assert world.send(phone, "GET", path_of(phone))[2]["endpoint_sha256"] is None


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_no_phone_asks_for_another(world: World, phone: Phone, method: str) -> None:
    other = world.phone(world.account())
    body = ask_of() if method == "PUT" else None
    assert world.send(other, method, path_of(phone), body)[2]["code"] == "device_not_found"


def test_a_revoked_phone_subscribes_to_nothing(world: World, phone: Phone) -> None:
    world.revoke(phone, phone.key.thumbprint)
    assert world.send(phone, "PUT", path_of(phone), ask_of())[2]["code"] == "device_revoked"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@169.254.169.254/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://push.apple.com/x",
        "https://evilpush.apple.com/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com:x/y",
        "https://fcm.googleapis.com./x",
        "https://fcm.googleapis.com/ä",
        "https://fcm.googleapis.com/\n",
        "https://fcm.googleapis.com/" + "x" * 1024,
        "fcm.googleapis.com",
    ],
)
def test_no_address_but_those_of_push_services(world: World, phone: Phone, endpoint: str) -> None:
    status, _, told = world.send(phone, "PUT", path_of(phone), ask_of(endpoint=endpoint))
    assert (status, told["code"]) in {(422, "push_endpoint_refused"), (400, "invalid_request")}
    assert not is_allowed(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        GOOD,
        "https://fcm.googleapis.com:443/x",
        "https://web.push.apple.com/QABC",
        "https://db5p.notify.windows.com/w/?token=BQYAAA%3d",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA",
    ],
)
def test_the_push_services_of_the_browsers_are_taken(world: World, phone: Phone, endpoint: str) -> None:
    assert world.send(phone, "PUT", path_of(phone), ask_of(endpoint=endpoint))[0] == 204


def test_an_operator_may_allow_others_and_none(world: World, phone: Phone) -> None:
    world.set(PUSH_HOSTS="up.example.org")
    assert world.send(phone, "PUT", path_of(phone), ask_of(endpoint="https://up.example.org/UP?x"))[0] == 204
    assert world.send(phone, "PUT", path_of(phone), ask_of())[2]["code"] == "push_endpoint_refused"
    world.set(PUSH_HOSTS="", PUSH_SECRET_ARN="")
    told = world.send(phone, "GET", path_of(phone))[2]
    assert told == {"application_server_key": None, "endpoint_sha256": None}
    assert world.send(phone, "PUT", path_of(phone), ask_of())[2]["code"] == "push_endpoint_refused"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"keys": {"p256dh": base64url.encode(b"\x04" + bytes(64)), "auth": "A" * 22}}, "keys"),
        ({"keys": {"p256dh": ask_of.__name__, "auth": "A" * 22}}, "keys"),
        ({"keys": {"p256dh": base64url.encode(PushSubscription.make(GOOD).p256dh), "auth": "AAAA"}}, "keys"),
        ({"application_server_key": "B" * 87}, "application_server_key"),
        ({"type": "apns"}, "body"),
        ({"expirationTime": None}, "body"),
    ],
    ids=["off the curve", "no base64url", "a short secret", "another key", "a type to come", "more than we know"],
)
def test_what_wakes_nobody_is_refused(world: World, phone: Phone, changes: dict[str, Any], field: str) -> None:
    status, _, told = world.send(phone, "PUT", path_of(phone), ask_of(**changes))
    assert (status, told["code"]) == (400, "invalid_request")
    assert told["field"] == field


def test_with_a_new_key_a_phone_hears_that_it_has_to_subscribe_again(world: World, phone: Phone) -> None:
    subscribed(world, phone)
    key = vapid.application_server_key()
    world.monkeypatch.setattr(vapid, "_ORDER", vapid._ORDER - 2)
    vapid.signing_key.cache_clear()
    told = world.send(phone, "GET", path_of(phone))[2]
    vapid.signing_key.cache_clear()
    assert told["application_server_key"] != key
    assert told["endpoint_sha256"] is None
