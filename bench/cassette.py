"""A cassette: every AWS call of a journey with what was asked and what came back, recorded once, played often."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.handlers import BUILTIN_HANDLERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from botocore.model import OperationModel


ENROLMENT, LOGIN = "enrolment", "login"
TABLE_NAME = "smartident"


@dataclass(frozen=True)
class Call:
    """One call of an AWS API: its arguments as botocore takes them, and the answer's bytes."""

    service: str
    operation: str
    ask: dict[str, Any]
    body: str
    kind: str


@dataclass
class Recorder:
    """Writes down every call that any client makes from now on; PostToConnection is answered here."""

    calls: list[Call] = field(default_factory=list)
    _asked: list[dict[str, Any]] = field(default_factory=list)

    def start(self) -> None:
        """Listen at every client made from now on."""
        hooks: dict[str, Callable[..., Any]] = {
            "before-parameter-build": self.asking,
            "before-send.apigatewaymanagementapi": posted,
            "after-call": self.answered,
        }
        BUILTIN_HANDLERS.extend(hooks.items())

    def asking(self, params: dict[str, Any], **_: Any) -> None:
        """Botocore's `before-parameter-build`."""
        self._asked.append(json.loads(json.dumps(params, default=bytes.decode)))

    def answered(self, http_response: Any, model: OperationModel, **_: Any) -> None:
        """Botocore's `after-call`."""
        kind = http_response.headers.get("content-type", "application/json")
        service = model.service_model.service_name
        self.calls.append(Call(service, model.name, self._asked.pop(), http_response.content.decode(), kind))

    def taken(self) -> list[Call]:
        """The calls since the last look."""
        taken, self.calls[:] = list(self.calls), []
        return taken


def posted(request: Any, **_: Any) -> Any:
    """An empty answer, as API Gateway gives it to a hint that it handed over."""
    from botocore.awsrequest import AWSResponse  # noqa: PLC0415  this process alone pays for it
    from botocore.compat import HTTPHeaders  # noqa: PLC0415

    return AWSResponse(request.url, 200, HTTPHeaders(), Nothing())


class Nothing:
    """The body of an empty answer."""

    def stream(self) -> Any:
        """No parts."""
        return iter(())


@dataclass(frozen=True)
class Cassette:
    """What was recorded: each journey's calls in their order, the secrets read before, and who travelled."""

    journeys: dict[str, list[Call]]
    lasting: list[Call]
    person: dict[str, Any]
    settings: dict[str, str]

    def write(self, file: Path) -> None:
        """Keep it."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Cassette:
        """Take it up."""
        told = json.loads(file.read_text(encoding="utf-8"))
        journeys = {name: [Call(**call) for call in calls] for name, calls in told.pop("journeys").items()}
        lasting = [Call(**call) for call in told.pop("lasting")]
        return cls(journeys=journeys, lasting=lasting, **told)
