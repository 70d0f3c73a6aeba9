"""A stack of a trial on paper: AWS's answers, CloudFront's and the WebSocket's, each of which a test may spoil."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Self

import httpx
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response

from labs.smoke.world import Addresses, Story, World
from smartident_client.browser import PROTOCOL
from smartident_client.wire import Refused

URL, API, WS = "https://d1.cloudfront.net", "https://api.execute-api.test", "wss://ws.execute-api.test/ws"
LOGIN = "account.login"
DENIAL = {
    "Effect": "Deny",
    "Action": "dynamodb:*",
    "Resource": "table",
    "Condition": {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["CLIENTS", "EMAIL#*"]}},
}
STREAM = {"Effect": "Allow", "Action": ["dynamodb:GetRecords"], "Resource": "stream"}
ALLOWANCE = {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": "table"}
SIGNING = {"Effect": "Allow", "Action": "kms:Sign", "Resource": ["key"]}
GRANTED = {"elsewhere", "ECDSA_SHA_256"}


@dataclass
class Paper:
    """What AWS does; a test spoils one of these."""

    subprotocol: str | None = PROTOCOL
    told: dict[str, str] = field(default_factory=lambda: {"status": "pending"})
    socket_url: str = "wss://d1.cloudfront.net/ws"
    place: str | None = "Frankfurt, DE"
    ip: str = "2a02:908::7"
    somebody_else: int = 404
    direct: dict[str, str] = field(default_factory=lambda: {"code": "public_url_required"})
    direct_socket: int = 403
    turned_away: int = 40
    cors: bool = True
    without_ipv6: tuple[str, ...] = ()
    ends_as: str = "UPDATE_ROLLBACK_COMPLETE"
    afterwards: str = "invalid_credentials"
    denies: str = "explicitDeny"
    allows: str = "allowed"
    statements: list[dict[str, Any]] = field(default_factory=lambda: [DENIAL, STREAM, ALLOWANCE, SIGNING])
    lines: dict[str, int] = field(default_factory=lambda: {"functions": 0, "http": 0})
    asked: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What a request gets: past CloudFront, to a login of somebody else, or one of very many."""
        self.asked.append(f"{request.method} {request.url}")
        if request.url.host == httpx.URL(API).host:
            return httpx.Response(403, json=self.direct)
        if request.headers.get("authorization"):
            return httpx.Response(self.somebody_else, json={})
        if len(self.asked) > 300 - self.turned_away:
            return httpx.Response(429, headers={"Access-Control-Allow-Origin": URL} if self.cors else {})
        return httpx.Response(404, json={})

    def open(self, url: str, *, origin: str, subprotocols: list[str]) -> Socket:
        """What the WebSocket's own host answers."""
        assert (url, origin, subprotocols[0]) == (WS, URL, PROTOCOL)
        self.asked.append(f"past CloudFront with {subprotocols[1].partition('.')[0]}")
        if self.direct_socket == 101:
            return Socket(self)
        raise InvalidStatus(Response(self.direct_socket, "", Headers()))

    def start(self, _identifier: str, password: str) -> Any:
        """A login, or what a wrong password gets after the canary."""
        if password.endswith("-wrong") and self.afterwards:
            raise Refused(status=401, code=self.afterwards, title="", extras={})
        return SimpleNamespace(login_id=LOGIN, login_token="token", socket=SimpleNamespace(url=self.socket_url))

    def connect(self, _login: Any, *, link: int) -> Socket:
        self.asked.append(f"socket {link}")
        return Socket(self)

    def approvals(self) -> list[Any]:
        statement = SimpleNamespace(place=self.place, ip=self.ip)
        return [SimpleNamespace(request=SimpleNamespace(login_id=LOGIN), statement=statement)]

    def client(self, service: str) -> Any:
        """IAM and the logs."""
        documents = {"PolicyDocument": {"Statement": self.statements}}
        return {
            "iam": SimpleNamespace(
                list_role_policies=lambda **_: {"PolicyNames": ["own"]},
                get_role_policy=lambda **_: documents,
                get_role=lambda **_: {"Role": {"Arn": "arn:role"}},
                simulate_principal_policy=self._simulated,
            ),
            "logs": SimpleNamespace(filter_log_events=self._events),
        }[service]

    def _simulated(self, **asked: Any) -> dict[str, Any]:
        """Without a resource IAM simulates for `*`, which no statement of ours names: nothing would be allowed."""
        ((resource,), (action,), (entry,)) = (asked[one] for one in ("ResourceArns", "ActionNames", "ContextEntries"))
        assert resource == {"dynamodb": "table", "kms": "key"}[action.partition(":")[0]]
        allowed = set(entry["ContextKeyValues"]) <= GRANTED
        return {"EvaluationResults": [{"EvalDecision": self.allows if allowed else self.denies}]}

    def _events(self, *, logGroupName: str, limit: int, filterPattern: str) -> dict[str, list[str]]:  # noqa: N803  AWS's names
        assert filterPattern in {"", '{ $.event = "notice_sent" }'}
        self.lines[logGroupName] -= 1
        return {"events": ["line"] * limit if self.lines[logGroupName] < 0 else []}


@dataclass
class Socket:
    """A WebSocket that is open."""

    paper: Paper

    @property
    def subprotocol(self) -> str | None:
        return self.paper.subprotocol

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.paper.asked.append("closed")

    def send(self, text: str) -> None:
        assert json.loads(text) == {"action": "status", "login_id": LOGIN}

    def recv(self, timeout: float) -> str:
        assert timeout > 0
        return json.dumps(self.paper.told)


def world(paper: Paper, story: Story | None = None, pause: Callable[[float], None] = lambda _: None) -> World:
    """A trial on this paper, of a person who has signed in."""
    signed_in: Any = SimpleNamespace(account="account")
    browser: Any = SimpleNamespace(start=paper.start, connect=paper.connect, status=lambda _: "pending")
    phone: Any = SimpleNamespace(approvals=paper.approvals)
    opened: Any = paper.open
    return World(
        addresses=Addresses(URL, API, WS),
        resources={"CompleteRole": "role", "FunctionLogs": "functions", "HttpLogs": "http"},
        aws=paper.client,
        browser=browser,
        phone=phone,
        identifier="100200300",
        password="Probe",
        break_functions=lambda: paper.ends_as,
        story=story or Story(code_typed=True, ending=signed_in),
        http=lambda: httpx.Client(transport=httpx.MockTransport(paper.answer)),
        socket=opened,
        addresses_of=lambda host: [] if host in paper.without_ipv6 else ["2001:db8::1"],
        pause=pause,
    )
