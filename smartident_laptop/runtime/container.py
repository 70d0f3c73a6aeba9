"""One Lambda container: it imports the handlers once, then answers event by event.

`python -m smartident_laptop.runtime.container HANDLER…` speaks lines of JSON: events on standard input, answers on what
was standard output; what the functions print goes to standard error. It ends when standard input closes.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartident_laptop.intrinsics import ACCOUNT, REGION
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class LambdaContext:
    """What Lambda hands a handler beside the event."""

    function_name: str
    memory_limit_in_mb: int
    timeout: int
    aws_request_id: str
    function_version: str = "$LATEST"
    log_stream_name: str = "local"
    started: float = field(default_factory=time.monotonic)

    @property
    def invoked_function_arn(self) -> str:
        """The function's name in full."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where its log would stand."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still take."""
        return max(0, int((self.started + self.timeout - time.monotonic()) * 1000))


def found(handler: str) -> Callable[[Any, LambdaContext], Any]:
    """The handler that a Handler text of the template names."""
    module, _, name = handler.rpartition(".")
    function: Callable[[Any, LambdaContext], Any] = getattr(importlib.import_module(module), name)
    return function


class Faults:
    """Keeps message and traceback of what a function logs as a fault; its own log line leaves both out on purpose."""

    def __init__(self) -> None:
        self.traces: list[str] = []
        # A handler of the root logger would hear nothing: Powertools keeps its lines away from those.
        self._made = logging.getLogRecordFactory()
        logging.setLogRecordFactory(self._record)

    def _record(self, *given: Any, **named: Any) -> logging.LogRecord:
        record = self._made(*given, **named)
        if record.msg == "fault" and sys.exception() is not None:
            self.traces.append(traceback.format_exc())
        return record


def answer(line: str, faults: Faults) -> str:
    """What one invocation gives: the function's answer, or the traceback of what it raised."""
    ask = json.loads(line)
    faults.traces.clear()
    try:
        got = found(ask["handler"])(ask["event"], LambdaContext(**ask["context"]))
        return json.dumps({"answer": got, "faults": faults.traces})
    except Exception:  # noqa: BLE001  whatever a function raises is its failure, not the container's
        return json.dumps({"failure": traceback.format_exc()})


def main(handlers: list[str]) -> None:
    """Import the handlers, say so, then answer until standard input closes."""
    sys.path.insert(0, str(ROOT / "functions"))
    speak = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a process has a text stdout
    try:
        for handler in handlers:
            found(handler)
    except Exception:  # noqa: BLE001  whatever a half-edited file raises is the developer's to read
        print(json.dumps({"failure": traceback.format_exc()}), file=speak, flush=True)
        return
    print("{}", file=speak, flush=True)
    faults = Faults()
    for line in sys.stdin:
        print(answer(line, faults), file=speak, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
