"""AWS as the functions call it, counted and spoiled at botocore's own events: nothing of ours is patched for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from botocore.awsrequest import AWSResponse, HeadersDict

if TYPE_CHECKING:
    from botocore.model import OperationModel

Parsed = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call that left a function: the operation's name and what it asks."""

    operation: str
    ask: dict[str, Any]


@dataclass
class Aws:
    """Every call of every client: written down, answered with a fault where one is set, otherwise left to moto."""

    calls: list[Call] = field(default_factory=list)
    posts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    faults: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def fails(self, operation: str, code: str, *, status: int = 400, times: int = 1_000) -> None:
        """Let the next calls of an operation fail with this error code."""
        self.faults[operation] = (code, status, times)

    def mends(self) -> None:
        """Let every operation work again."""
        self.faults.clear()

    def clear(self) -> None:
        """Forget what was called, and work."""
        for kept in (self.calls, self.posts, self.gone, self.faults):
            kept.clear()

    def operations(self) -> list[str]:
        """The names of what was called, in order."""
        return [call.operation for call in self.calls]

    def heard(self, connection_id: str) -> list[dict[str, str]]:
        """What was posted to a connection."""
        return [hint for posted, hint in self.posts if posted == connection_id]

    def __call__(self, model: OperationModel, params: Parsed, **_: Any) -> tuple[AWSResponse, Parsed] | None:
        """Botocore's `before-call`: what it returns is the answer, None sends the request."""
        self.calls.append(Call(model.name, _asked(params)))
        code, status, times = self.faults.get(model.name, ("", 0, 0))
        if times:
            self.faults[model.name] = (code, status, times - 1)
            return _answer(status, code)
        return self._posted(params) if model.name == "PostToConnection" else None

    def _posted(self, params: Parsed) -> tuple[AWSResponse, Parsed]:
        connection_id = unquote(params["url_path"].rpartition("/")[2])
        if connection_id in self.gone:
            return _answer(410, "GoneException")
        self.posts.append((connection_id, json.loads(params["body"])))
        return _answer(200)


def _asked(params: Parsed) -> dict[str, Any]:
    body = params.get("body") or b"{}"
    asked: dict[str, Any] = json.loads(body) if isinstance(body, bytes) else dict(body)
    return asked


def _answer(status: int, code: str = "") -> tuple[AWSResponse, Parsed]:
    parsed: Parsed = {"ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}}}
    if code:
        parsed["Error"] = {"Code": code, "Message": "as the test wants it"}
    return AWSResponse("https://aws.example.test", status, HeadersDict(), None), parsed
