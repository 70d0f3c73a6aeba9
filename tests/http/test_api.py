"""The edge: what every HTTP answer bears, what it refuses before any step sees it, and what it never tells."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest

from tests.support.log_lines import logged
from tests.support.world import PASSWORD, Phone, World

START = {"identifier": "123456", "password": "Geheim-Geheim"}
SECURITY = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def start(world: World, body: object, **headers: str) -> tuple[int, dict[str, str], Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return world.http("POST", "/v1/logins", body, headers=named)


@pytest.fixture
def phone(world: World) -> Phone:
    world.now = int(time.time())
    return world.phone(world.account())


# What every answer bears


def test_the_operator_decides_for_how_long_a_browser_comes_by_tls_alone(world: World) -> None:
    world.set(STRICT_TRANSPORT_SECURITY="max-age=60")
    _, headers, _ = world.http("POST", "/v1/logins")
    assert headers["Strict-Transport-Security"] == "max-age=60"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/v1/logins", 400),
        ("GET", "/v1/logins/a.b", 404),
        ("DELETE", "/v1/logins/a.b", 404),
        ("POST", "/v1/logins/a.b/complete", 404),
        ("POST", "/v1/keys", 400),
        ("POST", "/v1/keys/a.b/resend", 401),
        ("POST", "/v1/keys/a.b/verify", 400),
        ("GET", "/v1/approvals", 401),
        ("POST", "/v1/approvals/a.b", 400),
        ("GET", "/v1/devices", 401),
        ("PATCH", "/v1/devices/x", 400),
        ("DELETE", "/v1/devices/x", 401),
        ("POST", "/v1/devices/x/revoke", 400),
        ("GET", "/v1/events", 401),
    ],
)
def test_every_refusal_is_a_problem_document(world: World, method: str, path: str, expected: int) -> None:
    status, headers, body = world.http(method, path)
    assert status == body["status"] == expected
    assert headers["Content-Type"] == "application/problem+json"
    assert headers.items() >= SECURITY.items()
    assert headers["X-Request-Id"] == body["request_id"]
    assert body["type"] == "urn:smartident:problem:" + body["code"]
    assert set(body) - {"field"} == {"type", "title", "status", "code", "request_id"}


def test_every_answer_bears_the_same_headers(world: World) -> None:
    jonas = world.account(two_factor=False)
    status, headers, body = start(world, {"identifier": jonas.number, "password": PASSWORD})
    assert status == 201
    assert headers["Content-Type"] == "application/json"
    assert headers.items() >= SECURITY.items()
    gone = world.http(
        "DELETE", f"/v1/logins/{body['login_id']}", headers={"authorization": f"Bearer {body['login_token']}"}
    )
    assert gone[0] == 204
    assert gone[1].items() >= SECURITY.items()
    assert "Content-Type" not in gone[1]


def test_what_helps_to_go_on_stands_in_the_header_too(world: World) -> None:
    anna = world.account()
    for _ in range(5):
        start(world, {"identifier": anna.number, "password": "falsch"})
    status, headers, body = start(world, {"identifier": anna.number, "password": "falsch"})
    left = body["retry_after"]
    assert (status, headers["Retry-After"]) == (429, str(left))
    assert 20 < left <= 30


def test_an_unknown_route_is_a_problem_too(world: World) -> None:
    handler, event = world.event("GET", "/v1/approvals")
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/v1/nothing"
    status, headers, body = world.invoke(handler, event)
    assert (status, body["code"], headers["Content-Type"]) == (404, "login_not_found", "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/v1/logins/{}", "login_not_found"),
        ("POST", "/v1/approvals/{}", "login_not_found"),
        ("POST", "/v1/keys/{}/resend", "registration_not_found"),
        ("POST", "/v1/keys/{}/verify", "registration_not_found"),
        ("DELETE", "/v1/devices/{}", "device_not_found"),
        ("POST", "/v1/devices/{}/revoke", "device_not_found"),
    ],
)
@pytest.mark.parametrize("name", ["a%0Ab", "a%2Fb"], ids=["a line", "a slash"])
def test_an_id_that_is_none_of_ours_is_not_found(world: World, method: str, path: str, code: str, name: str) -> None:
    assert world.http(method, path.format(name))[2]["code"] == code


def test_a_phone_without_a_proof_is_told_how_to_prove_itself(world: World) -> None:
    assert world.http("GET", "/v1/devices")[1]["WWW-Authenticate"] == 'DPoP algs="ES256 EdDSA"'


# What no step sees


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**START, "geheim": "Geheim"}, "body"),
        ({"identifier": "123456"}, "password"),
        ({**START, "password": 4711}, "password"),
        ({**START, "password": ""}, "password"),
        ({**START, "password": "Geheim" * 400}, "password"),
        ({**START, "identifier": "Geheim" * 50}, "identifier"),
        ({**START, "identifier": None}, "identifier"),
        ({**START, "client_id": "Geheim"}, "client_id"),
        ({**START, "client_id": ["Geheim"]}, "client_id"),
        ([START], "body"),
        (b'"Geheim"', "body"),
        (b"Geheim", "body"),
        (b'{"identifier": "Geheim", ', "body"),
        (b'{"identifier": "Geheim\xff", "password": "x"}', "body"),
        (b"[" * 16_000, "body"),
        (None, "body"),
    ],
    ids=[
        "a member too many",
        "a member missing",
        "a number",
        "empty",
        "too long a password",
        "too long an identifier",
        "null",
        "an unknown client",
        "a list",
        "a list of bodies",
        "a text",
        "no JSON",
        "half a JSON",
        "no UTF-8",
        "a deep hole",
        "nothing",
    ],
)
def test_a_malformed_body_is_refused_by_its_fields_name_and_never_repeated(
    world: World, body: object, field: str
) -> None:
    with logged() as log:
        status, headers, answered = start(world, body, content_type="application/json")
    assert (status, answered["code"], answered["field"]) == (400, "invalid_request", field)
    assert "Geheim" not in json.dumps([headers, answered])
    assert "Geheim" not in log.text
    assert "fault" not in log.text


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_what_is_not_sent_as_json_is_refused(world: World, kind: str) -> None:
    # A form of another page can send these without asking first; JSON makes its browser ask.
    status, _, body = start(world, START, content_type=kind)
    assert (status, body["field"]) == (400, "content-type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_is_json_however_it_is_written(world: World, kind: str) -> None:
    assert start(world, START, content_type=kind)[0] == 401


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP, identity"])
def test_a_compressed_body_is_refused_by_the_header_that_says_so(world: World, coding: str) -> None:
    status, _, body = start(world, gzip.compress(json.dumps(START).encode()), content_encoding=coding)
    assert (status, body["code"], body["field"]) == (400, "invalid_request", "content-encoding")
    assert start(world, START, content_encoding="Identity")[0] == 401


@pytest.mark.parametrize(("size", "expected"), [(16_384, 401), (16_385, 400)], ids=["16 KiB", "one byte more"])
def test_a_body_has_a_limit(world: World, size: int, expected: int) -> None:
    body = json.dumps(START).encode()
    assert start(world, body + b" " * (size - len(body)))[0] == expected


@pytest.mark.parametrize("size", [16_384, 16_385], ids=["16 KiB", "one byte more"])
def test_a_body_that_nobody_asked_for_has_the_same_limit(world: World, phone: Phone, size: int) -> None:
    registered = world.register(world.account(), new := world.new_phone())
    path = f"/v1/keys/{registered.registration_id}/resend"
    expected = "invalid_request" if size > 16_384 else "too_many_attempts"
    assert world.send(new, "POST", path, b"x" * size)[2]["code"] == expected


def test_a_body_in_base64_is_the_same_body(world: World) -> None:
    handler, event = world.event("POST", "/v1/logins", START, headers={"content-type": "application/octet-stream"})
    assert event["isBase64Encoded"]
    event["headers"]["content-type"] = "application/json"
    assert world.invoke(handler, event)[0] == 401


def test_a_request_without_any_header_is_answered(world: World) -> None:
    handler, event = world.event("GET", "/v1/approvals")
    event["headers"] = {}
    assert world.invoke(handler, event)[0] == 401
