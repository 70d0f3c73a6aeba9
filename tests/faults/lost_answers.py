"""Lost answers: an AWS call is carried out and nobody hears of it; botocore then repeats it, where it may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING

import botocore.endpoint
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.retries.quota import RetryQuota

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

URL = "https://aws.example.test"


@dataclass
class LostAnswer:
    """The answer of the n-th call of a request gets lost, once or at every attempt; somebody else may act meanwhile."""

    at: int
    closes: bool = False
    every_attempt: bool = False
    between: Callable[[], object] | None = None
    struck: str = ""
    disturbed: BaseException | None = None
    calls: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _lost: str = ""

    def carried_out(self, operation: str, invocation: str) -> None:
        """Raise as botocore's HTTP client would, if this is the call; an invocation keeps its id when repeated."""
        if invocation not in self._seen and not self.struck:
            self._seen.add(invocation)
            self.calls.append(operation)
            if len(self.calls) == self.at + 1:
                self.struck, self._lost = operation, invocation
                self._lose()
        elif self.every_attempt and invocation == self._lost:
            self._lose()

    def _lose(self) -> None:
        between, self.between = self.between, None
        if between is not None:
            # In a thread of its own: it is somebody else's doing, under nobody's role.
            with ThreadPoolExecutor(1) as somebody:
                self.disturbed = somebody.submit(between).exception()
        if self.closes:
            raise ConnectionClosedError(endpoint_url=URL)
        raise ReadTimeoutError(endpoint_url=URL)


def repeat_at_once(patch: pytest.MonkeyPatch) -> None:
    """Let botocore repeat without its pauses, and as often as a container that has had no trouble yet."""
    patch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _seconds: None))
    patch.setattr(RetryQuota, "acquire", lambda _quota, _amount: True)
