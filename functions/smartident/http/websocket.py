"""The WebSocket side of API Gateway: its events for a connection, and the answers to them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from msgspec import DecodeError, Meta, Struct
from msgspec.json import decode, encode

from smartident.errors import InvalidRequest, Refusal
from smartident.http.cloudfront import check_came_by_public_url
from smartident.http.problems import PROBLEMS
from smartident.telemetry import begin_request, log_fault, log_refusal, log_request

if TYPE_CHECKING:
    from collections.abc import Callable

Answer: TypeAlias = dict[str, Any]
FAULT = 500


class Question(Struct, forbid_unknown_fields=True):
    """What a page may ask over its socket. It names the login because API Gateway passes only the connection."""

    action: Literal["status"]
    login_id: Annotated[str, Meta(min_length=3, max_length=128)]


@dataclass(frozen=True)
class Connection:
    """One event of one WebSocket connection."""

    id: str
    headers: dict[str, str]
    body: str
    now: int

    def header(self, name: str) -> str:
        """A header of the handshake, or an empty text."""
        return self.headers.get(name, "")

    def asked_login(self) -> str:
        """The login that a status question is about; raises InvalidRequest for any other message."""
        try:
            return decode(self.body.encode(), type=Question).login_id
        except (DecodeError, UnicodeEncodeError, RecursionError):
            raise InvalidRequest("no status question", field="body") from None


def answer(status: int, *, headers: dict[str, str] | None = None, hint: dict[str, str] | None = None) -> Answer:
    """The answer to API Gateway, which sends a hint to the page over the socket that asked."""
    return {"statusCode": status, "headers": headers or {}, "body": encode(hint).decode() if hint else ""}


def entry(
    *, on_connect: Callable[[Connection], Answer], on_message: Callable[[Connection], Answer]
) -> Callable[[dict[str, Any], Any], Answer]:
    """The Lambda handler of the socket's two routes. A closing connection calls no function."""

    def handler(event: dict[str, Any], context: Any) -> Answer:  # noqa: ARG001  Lambda's context
        began = time.monotonic()
        request, route = event["requestContext"], event["requestContext"]["routeKey"]
        begin_request(request["requestId"])
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        connection = Connection(request["connectionId"], headers, event.get("body") or "", int(time.time()))
        respond = on_connect if route == "$connect" else on_message
        result = _guarded(respond, connection, request["requestId"], tell=route == "$default")
        milliseconds = int((time.monotonic() - began) * 1000)
        log_request(
            route=route, status=result["statusCode"], request_id=request["requestId"], milliseconds=milliseconds
        )
        return result

    return handler


def _guarded(respond: Callable[[Connection], Answer], connection: Connection, request_id: str, *, tell: bool) -> Answer:
    try:
        # Only the handshake has headers; a message comes over a connection that was let in.
        if not tell:
            check_came_by_public_url(connection.headers)
        return respond(connection)
    except Refusal as refusal:
        log_refusal(refusal.code, str(refusal), request_id)
        if tell:
            return answer(200, hint={"code": refusal.code})
        return answer(PROBLEMS[refusal.code].status)
    except Exception as error:  # noqa: BLE001  the last place to catch a fault: log it once, answer plainly
        log_fault(error, request_id)
        return answer(FAULT)
