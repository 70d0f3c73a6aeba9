"""The WebSocket API stands in for API Gateway: refusals, subprotocols, messages and `@connections`."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from smartident_laptop.runtime.containers import FunctionFailed
from tests.laptop.conftest import PAGE, Event, Running

PROTOCOLS = [Subprotocol("smartident.v1"), Subprotocol("ticket")]
WAIT = 3


def echoing(_function: str, event: Event) -> Any:
    """Let everybody in under the first protocol and answer messages by their own text."""
    return {"statusCode": 200, "headers": {"sec-websocket-protocol": "smartident.v1"}, "body": event.get("body")}


@pytest.fixture
def page(gateway: Running) -> Iterator[ClientConnection]:
    gateway.functions.answer = echoing
    with opened(gateway) as connection:
        yield connection


@pytest.fixture
def management(gateway: Running) -> Any:
    return Session().create_client(
        "apigatewaymanagementapi",
        endpoint_url=gateway.websocket_url.replace("ws://", "http://"),
        region_name="eu-central-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


def opened(gateway: Running) -> ClientConnection:
    url = f"{gateway.websocket_url}?v=1&v=2"
    return connect(url, subprotocols=PROTOCOLS, origin=Origin(PAGE), proxy=None, user_agent_header="B/1")


def connection_id(gateway: Running) -> str:
    return str(gateway.functions["$connect"]["requestContext"]["connectionId"])


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def heard(gateway: Running, route: str) -> bool:
    return any(event["requestContext"]["routeKey"] == route for _, event in gateway.functions.events)


def gone_for(management: Any, connection: str) -> bool:
    try:
        management.get_connection(ConnectionId=connection)
    except ClientError:
        return True
    return False


def test_connect_hears_origin_and_protocols(gateway: Running) -> None:
    began = int(time.time())
    with opened(gateway):
        event = gateway.functions["$connect"]
    assert event["headers"]["Origin"] == PAGE
    assert event["headers"]["Sec-WebSocket-Protocol"] == "smartident.v1, ticket"
    assert event["multiValueHeaders"]["Origin"] == [PAGE]
    assert event["queryStringParameters"] == {"v": "2"}
    assert event["multiValueQueryStringParameters"] == {"v": ["1", "2"]}
    context = event["requestContext"]
    assert (context["routeKey"], context["eventType"], context["stage"]) == ("$connect", "CONNECT", "ws")
    assert context["identity"] == {"userAgent": "B/1", "sourceIp": "127.0.0.1"}
    assert context["domainName"] == f"localhost:{gateway.port}"
    assert began <= context["connectedAt"] / 1000 <= time.time()


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_refused_handshake_bears_the_functions_status(gateway: Running, status: int) -> None:
    gateway.functions.answer = lambda _function, _event: {"statusCode": status}
    with pytest.raises(InvalidStatus) as refused:
        opened(gateway)
    assert refused.value.response.status_code == status


def test_a_crash_while_connecting_lets_nobody_in(gateway: Running) -> None:
    def crash(_function: str, _event: Event) -> Any:
        raise FunctionFailed("Traceback")

    gateway.functions.answer = crash
    with pytest.raises(InvalidStatus) as refused:
        opened(gateway)
    assert refused.value.response.status_code == 500
    assert gateway.failures == ["Traceback"]


def test_the_page_gets_the_protocol_that_the_function_chose(page: ClientConnection) -> None:
    assert page.subprotocol == "smartident.v1"


def test_without_an_echo_there_is_no_protocol(gateway: Running) -> None:
    with opened(gateway) as page:
        assert page.subprotocol is None


@pytest.mark.parametrize("text", ['{"action": "status", "login_id": "x"}', "no json", "[]", '{"action": "$connect"}'])
def test_every_message_reaches_the_default_route(gateway: Running, page: ClientConnection, text: str) -> None:
    page.send(text)
    eventually(lambda: heard(gateway, "$default"))
    event = gateway.functions["$default"]
    assert event["body"] == text
    assert event["requestContext"]["eventType"] == "MESSAGE"
    assert event["requestContext"]["connectionId"] == connection_id(gateway)


def test_what_a_function_returns_for_a_message_goes_back_to_the_page(page: ClientConnection) -> None:
    page.send("hello")
    assert page.recv(timeout=WAIT) == "hello"


def test_who_returns_nothing_for_a_message_says_nothing(gateway: Running, page: ClientConnection) -> None:
    gateway.functions.answer = lambda _function, event: {"statusCode": 200, "body": "" if event["body"] == "1" else "2"}
    page.send("1")
    page.send("2")
    assert page.recv(timeout=WAIT) == "2"


def test_a_crash_over_a_message_keeps_the_connection(gateway: Running, page: ClientConnection) -> None:
    def crash(_function: str, _event: Event) -> Any:
        raise FunctionFailed("Traceback")

    gateway.functions.answer = crash
    page.send("hello")
    assert json.loads(page.recv(timeout=WAIT))["message"] == "Internal server error"


def test_bytes_are_not_spoken(page: ClientConnection) -> None:
    page.send(b"bytes")
    with pytest.raises(ConnectionClosed) as closed:
        page.recv(timeout=WAIT)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1003


def test_a_function_writes_to_an_open_connection(gateway: Running, page: ClientConnection, management: Any) -> None:
    management.post_to_connection(ConnectionId=connection_id(gateway), Data=b'{"status":"approved"}')
    assert page.recv(timeout=WAIT) == '{"status":"approved"}'
    told = management.get_connection(ConnectionId=connection_id(gateway))
    assert told["Identity"]["SourceIp"] == "127.0.0.1"


def test_a_gone_connection_is_a_true_410(gateway: Running, page: ClientConnection, management: Any) -> None:
    page.close()
    eventually(lambda: gone_for(management, connection_id(gateway)))
    for gone in (connection_id(gateway), "never-was="):
        with pytest.raises(management.exceptions.GoneException) as error:
            management.post_to_connection(ConnectionId=gone, Data=b"{}")
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 410


def test_a_connection_cannot_be_written_to_while_it_connects(gateway: Running, management: Any) -> None:
    refusals: list[str] = []

    def write_at_once(_function: str, event: Event) -> Any:
        context = event["requestContext"]
        if context["routeKey"] == "$connect":
            try:
                management.post_to_connection(ConnectionId=context["connectionId"], Data=b"{}")
            except ClientError as error:
                refusals.append(error.response["Error"]["Code"])
        return {"statusCode": 200}

    gateway.functions.answer = write_at_once
    with opened(gateway):
        assert refusals == ["GoneException"]


def test_a_function_ends_a_connection(gateway: Running, page: ClientConnection, management: Any) -> None:
    management.delete_connection(ConnectionId=connection_id(gateway))
    with pytest.raises(ConnectionClosed):
        page.recv(timeout=WAIT)
    eventually(lambda: gone_for(management, connection_id(gateway)))


def test_too_much_for_a_message_is_refused(gateway: Running, page: ClientConnection, management: Any) -> None:
    with pytest.raises(management.exceptions.PayloadTooLargeException):
        management.post_to_connection(ConnectionId=connection_id(gateway), Data=bytes(128 * 1024 + 1))


def test_pages_cannot_use_the_management_endpoint(gateway: Running, page: ClientConnection) -> None:
    answer = gateway.send("POST", f"/ws/@connections/{connection_id(gateway)}", content=b"{}")
    assert answer.status_code == 403
