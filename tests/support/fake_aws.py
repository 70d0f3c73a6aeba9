"""AWS as the functions call it, counted and spoiled at botocore's own events: nothing of ours is patched for it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse

from tests.support.stored_items import everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.awsrequest import AWSPreparedRequest
    from botocore.model import OperationModel

Parsed = dict[str, Any]
LOOPBACK = {"127.0.0.1", "localhost"}
GONE = {"x-amzn-errortype": "GoneException"}


WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


@dataclass(frozen=True)
class Call:
    """One call that left a function: the operation's name and what it asks."""

    operation: str
    ask: dict[str, Any]


@dataclass
class Fault:
    """How an operation fails, and how often still."""

    code: str
    status: int
    times: int
    reason: str
    on: int = -1


class Saboteur(Protocol):
    """Who lets single calls fail, or the function end there."""

    def before(self, operation: str) -> str | None:
        """The error code that a call is answered with, none to let it through; or raise."""

    def after(self, operation: str) -> None:
        """Raise, so that what was done is never heard of."""


class Connection(Protocol):
    """Who stands between botocore and AWS, and lets single answers get lost."""

    def carried_out(self, operation: str, invocation: str) -> None:
        """Raise, so that botocore does not hear of an attempt that AWS has carried out."""


@dataclass
class Aws:
    """Every call of every client: written down, answered with a fault where one is set, otherwise left to moto."""

    calls: list[Call] = field(default_factory=list)
    posts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    faults: dict[str, Fault] = field(default_factory=dict)
    acts: dict[str, tuple[int, Callable[[], object]]] = field(default_factory=dict)
    told: dict[str, Parsed] = field(default_factory=dict)
    saboteur: Saboteur | None = None
    date: Callable[[], str] | None = None
    connection: Connection | None = None
    writes: int = 0

    @property
    def interferes(self) -> bool:
        """Whether anything is set up to happen at the next calls."""
        return bool(self.faults or self.acts or self.told or self.saboteur or self.connection)

    def fails(
        self, operation: str, code: str, *, status: int = 400, times: int = 1_000, reason: str = "", on: int = -1
    ) -> None:
        """Let the next calls of an operation fail with this error code, and a transaction for this reason of one item.

        A condition that failed hands over the item as it lies in the table.
        """
        self.faults[operation] = Fault(code, status, times, reason, on)

    def tells(self, operation: str, answer: Parsed) -> None:
        """Let an operation that moto does not know answer this."""
        self.told[operation] = answer

    def vanishes(self, operation: str) -> None:
        """Let nobody answer an operation: the connection stands, and nothing comes."""
        self.faults[operation] = Fault("", 0, 1_000, "")

    def before(self, operation: str, act: Callable[[], object], *, after: int = 0) -> None:
        """Let something happen just before the next call of an operation, or one later."""
        self.acts[operation] = (after, act)

    def mends(self) -> None:
        """Let every operation work again."""
        self.faults.clear()

    def clear(self) -> None:
        """Forget what was called, and work."""
        for kept in (self.calls, self.posts, self.gone, self.faults, self.acts, self.told):
            kept.clear()
        self.saboteur = self.connection = self.date = None

    def operations(self) -> list[str]:
        """The names of what was called, in order."""
        return [call.operation for call in self.calls]

    def heard(self, connection_id: str) -> list[dict[str, str]]:
        """What was posted to a connection."""
        return [hint for posted, hint in self.posts if posted == connection_id]

    def __call__(self, model: OperationModel, params: Parsed, **_: Any) -> tuple[AWSResponse, Parsed] | None:
        """Botocore's `before-call`: what it returns is the answer, None sends the request."""
        if urlsplit(params.get("url", "")).hostname in LOOPBACK:
            return None  # the laptop's stack, which another test of this process speaks to
        self.calls.append(Call(model.name, _asked(params)))
        self.writes += model.name in WRITES
        self._let_happen(model.name)
        code = self.saboteur.before(model.name) if self.saboteur else None
        if code:
            return _answer(400, code)
        fault = self.faults.get(model.name)
        if fault is not None and fault.times:
            fault.times -= 1
            if not fault.code:
                raise ReadTimeoutError(endpoint_url="https://aws.example.test")
            return _failed(fault, self.calls[-1].ask)
        if model.name in self.told:
            response, parsed = _answer(200)
            return response, {**parsed, **self.told[model.name]}
        return None

    def sent(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
        """Botocore's `before-send`, once an attempt and after moto's own: an answer where moto has none."""
        operation = event_name.rpartition(".")[2]
        if urlsplit(request.url).hostname in LOOPBACK:
            return None
        answer = self._posted(request) if operation == "PostToConnection" else None
        if self.connection:
            self.connection.carried_out(operation, str(request.headers["amz-sdk-invocation-id"]))
        return answer

    def answered(self, model: OperationModel, parsed: Parsed, **_: Any) -> None:
        """Botocore's `after-call`: it is done, and about to be heard of, at the time of the service's clock."""
        if self.date:
            parsed.setdefault("ResponseMetadata", {}).setdefault("HTTPHeaders", {})["date"] = self.date()
        if self.saboteur:
            self.saboteur.after(model.name)

    def _let_happen(self, operation: str) -> None:
        left, act = self.acts.pop(operation, (0, None))
        if act is not None and left:
            self.acts[operation] = (left - 1, act)
        elif act is not None:
            # In a thread of its own: it is somebody else's doing, under nobody's role.
            with ThreadPoolExecutor(1) as somebody:
                somebody.submit(act).result()

    def _posted(self, request: AWSPreparedRequest) -> AWSResponse:
        connection_id = unquote(urlsplit(request.url).path.rpartition("/")[2])
        if connection_id in self.gone:
            return AWSResponse(request.url, 410, HTTPHeaders.from_dict(GONE), MockRawResponse(b"{}"))
        body: Any = request.body
        self.posts.append((connection_id, json.loads(body)))
        return AWSResponse(request.url, 200, HTTPHeaders(), MockRawResponse(b""))


def _asked(params: Parsed) -> dict[str, Any]:
    body = params.get("body") or b"{}"
    if isinstance(body, dict):
        return dict(body)
    # S3 speaks XML, and files.
    asked: dict[str, Any] = json.loads(body) if isinstance(body, bytes) and body.startswith(b"{") else {}
    return asked


def _failed(fault: Fault, ask: Parsed) -> tuple[AWSResponse, Parsed]:
    response, parsed = _answer(fault.status, fault.code)
    if fault.reason:
        reasons: list[Parsed] = [{"Code": "None"} for _ in ask["TransactItems"]]
        (asked,) = ask["TransactItems"][fault.on].values()
        reasons[fault.on] = {"Code": fault.reason, **_found(asked)}
        parsed["CancellationReasons"] = reasons
    elif fault.code == "ConditionalCheckFailedException":
        parsed |= _found(ask)
    return response, parsed


def _found(asked: Parsed) -> Parsed:
    """The item that an operation is about, if it asks to be told what stood in the way."""
    key = asked.get("Key") or asked["Item"]
    item = everything().get((key["pk"]["S"], key["sk"]["S"]))
    return {"Item": item} if item and asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" else {}


def _answer(status: int, code: str = "") -> tuple[AWSResponse, Parsed]:
    parsed: Parsed = {"ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}}}
    if code:
        parsed["Error"] = {"Code": code, "Message": "as the test wants it"}
    return AWSResponse("https://aws.example.test", status, HTTPHeaders(), None), parsed
