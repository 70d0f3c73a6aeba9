"""The stack as a child of another program, which hears of it by one line of JSON and ends it by closing its input."""

from __future__ import annotations

import json
import sys
import tempfile

from smartident_laptop.demo.accounts import ANNA
from smartident_laptop.run_file import published
from smartident_laptop.runtime.containers import FunctionFailed
from smartident_laptop.stack import Stack

BROKEN = 1
LOG_LINES = 30


def serve_parent() -> int:
    """Serve until standard input closes; the exit code. What the functions logged last says why they do not start."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        try:
            with Stack(log=log, on_failure=_report) as stack, published(stack):
                print(json.dumps(description(stack)), flush=True)
                sys.stdin.read()
        except FunctionFailed as failure:
            log.seek(0)
            _report(f"{''.join(log.readlines()[-LOG_LINES:])}{failure}")
            return BROKEN
    return 0


def description(stack: Stack) -> dict[str, object]:
    """Where the stack is, where its SMS are, and somebody who can be enrolled there."""
    account = {"number": ANNA.number, "password": ANNA.password, "phone": ANNA.phone}
    return {"url": stack.url, "port": stack.port, "sms": f"{stack.url}/sms.json", "account": account}


def _report(failure: str) -> None:
    print(failure, file=sys.stderr, flush=True)
