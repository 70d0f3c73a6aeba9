"""The HTTP API stands in for API Gateway: its events, its own answers, its CORS."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from smartident_laptop.gateway.http_api import BODY_LIMIT
from smartident_laptop.runtime.containers import FunctionFailed
from tests.laptop.conftest import PAGE, STRANGER, Event, Running, serving

LOGINS = "/v1/logins"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture(scope="module")
def one_gateway() -> Iterator[Running]:
    with serving() as running:
        yield running


@pytest.fixture
def gateway(one_gateway: Running) -> Running:
    one_gateway.functions.answer = lambda _function, _event: {"statusCode": 200}
    one_gateway.functions.events.clear()
    one_gateway.failures.clear()
    return one_gateway


def test_a_function_hears_who_asks_what_and_how(gateway: Running) -> None:
    gateway.send(
        "POST",
        f"{LOGINS}?a=1&b=2&a=3&empty",
        json={"identifier": "100200301"},
        headers=[("User-Agent", "Browser/1"), ("X-Two", "one"), ("x-two", "two"), ("Cookie", "a=1; b=2")],
    )
    event = gateway.functions["POST /v1/logins"]
    assert event["version"] == "2.0"
    assert event["rawPath"] == LOGINS
    assert event["rawQueryString"] == "a=1&b=2&a=3&empty"
    assert event["queryStringParameters"] == {"a": "1,3", "b": "2", "empty": ""}
    assert event["headers"]["x-two"] == "one,two"
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["body"] == '{"identifier":"100200301"}'
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["domainName"] == f"localhost:{gateway.port}"
    asked = event["requestContext"]["http"]
    assert (asked["method"], asked["path"], asked["sourceIp"]) == ("POST", LOGINS, "127.0.0.1")
    assert asked["userAgent"] == "Browser/1"


def test_the_source_is_the_caller_whatever_it_claims(gateway: Running) -> None:
    gateway.send("GET", "/v1/devices", headers={"X-Forwarded-For": "203.0.113.9"})
    event = gateway.functions["GET /v1/devices"]
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert event["headers"]["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"


def test_path_parameters_arrive_decoded(gateway: Running) -> None:
    gateway.send("GET", "/v1/logins/a%20b%2Fc.d")
    assert gateway.functions["GET /v1/logins/{login_id}"]["pathParameters"] == {"login_id": "a b/c.d"}


def test_a_request_without_body_query_or_cookies_has_none_in_its_event(gateway: Running) -> None:
    gateway.send("GET", "/v1/devices")
    absent = {"body", "cookies", "queryStringParameters", "pathParameters"}
    assert not absent & set(gateway.functions["GET /v1/devices"])


@pytest.mark.parametrize(
    ("kind", "body", "is_text"),
    [
        ("application/json; charset=utf-8", b"{}", True),
        ("application/problem+json", b"{}", True),
        ("text/plain", "grün".encode(), True),
        ("application/json", b"\xff", False),
        ("application/x-www-form-urlencoded", b"a=1", False),
        ("application/octet-stream", b"{}", False),
    ],
    ids=["json", "a kind of json", "text", "json that is no UTF-8", "form", "bytes"],
)
def test_only_text_arrives_as_text(gateway: Running, kind: str, body: bytes, is_text: object) -> None:
    gateway.send("POST", LOGINS, content=body, headers={"Content-Type": kind})
    event = gateway.functions["POST /v1/logins"]
    assert event["isBase64Encoded"] is not is_text
    assert event["body"] == (body.decode() if is_text else base64.b64encode(body).decode())


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nothing"), ("PUT", LOGINS), ("GET", "/v1/logins/"), ("OPTIONS", LOGINS), ("POST", "/financeapp/")],
)
def test_what_is_no_route_is_not_found(gateway: Running, method: str, path: str) -> None:
    answer = gateway.send(method, path)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
    assert gateway.functions.events == []


def test_a_crashing_function_is_a_500_that_tells_the_developer_alone(gateway: Running) -> None:
    def crash(_function: str, _event: Event) -> Any:
        raise FunctionFailed("Traceback: secret")

    gateway.functions.answer = crash
    answer = gateway.send("POST", LOGINS)
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert gateway.failures == ["Traceback: secret"]


@pytest.mark.parametrize(
    "answered", [{"statusCode": "many"}, {"statusCode": 200, "headers": 7}], ids=["no number", "no headers"]
)
def test_an_answer_that_api_gateway_cannot_read_is_a_500(gateway: Running, answered: Any) -> None:
    gateway.functions.answer = lambda _function, _event: answered
    assert gateway.send("POST", LOGINS).status_code == 500
    assert len(gateway.failures) == 1


def test_the_function_decides_status_headers_cookies_and_body(gateway: Running) -> None:
    gateway.functions.answer = lambda _function, _event: {
        "statusCode": 201,
        "headers": {"Content-Type": "application/problem+json", "X-Request-Id": "r1"},
        "cookies": ["a=1", "b=2"],
        "body": base64.b64encode(b"\x00\x01").decode(),
        "isBase64Encoded": True,
    }
    answer = gateway.send("POST", LOGINS)
    assert (answer.status_code, answer.content) == (201, b"\x00\x01")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "r1"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_an_answer_without_a_status_is_the_body(gateway: Running) -> None:
    gateway.functions.answer = lambda _function, _event: {"hello": "world"}
    answer = gateway.send("POST", LOGINS)
    assert (answer.status_code, answer.json()) == (200, {"hello": "world"})


def test_more_than_ten_megabytes_never_reach_a_function(gateway: Running) -> None:
    assert gateway.send("POST", LOGINS, content=bytes(BODY_LIMIT + 1)).status_code == 413
    assert gateway.send("POST", LOGINS, headers={"X-Long": "x" * 10_300}).status_code == 431
    assert gateway.functions.events == []


def test_an_allowed_page_may_ask_and_read(gateway: Running) -> None:
    before = gateway.send("OPTIONS", LOGINS, headers={"Origin": PAGE, **PREFLIGHT})
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == PAGE
    assert "POST" in before.headers["access-control-allow-methods"]
    assert "dpop" in before.headers["access-control-allow-headers"]
    assert before.headers["access-control-max-age"] == "3600"

    answer = gateway.send("POST", LOGINS, headers={"Origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "retry-after" in answer.headers["access-control-expose-headers"]


def test_a_strange_page_may_neither_ask_nor_read(gateway: Running) -> None:
    before = gateway.send("OPTIONS", LOGINS, headers={"Origin": STRANGER, **PREFLIGHT})
    answer = gateway.send("POST", LOGINS, headers={"Origin": STRANGER})
    for headers in (before.headers, answer.headers):
        assert not [name for name in headers if name.startswith("access-control-")]


def test_cors_is_the_templates_and_no_functions(gateway: Running) -> None:
    gateway.functions.answer = lambda _function, _event: {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "*"},
    }
    assert "access-control-allow-origin" not in gateway.send("POST", LOGINS, headers={"Origin": STRANGER}).headers


def test_a_refused_route_too_can_be_read_by_an_allowed_page(gateway: Running) -> None:
    assert gateway.send("GET", "/v1/nothing", headers={"Origin": PAGE}).headers["access-control-allow-origin"] == PAGE
