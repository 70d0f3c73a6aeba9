"""The laptop's stack, in a process of its own for as long as the story plays there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import typer

COMMAND = [sys.executable, "-m", "smartident_laptop", "--child"]


@dataclass(frozen=True)
class LaptopStack:
    """Where the stack is, and somebody who has an account there but no phone yet."""

    url: str
    port: int
    sms: str
    account: dict[str, str]

    def latest_sms(self) -> str:
        """The text of the last SMS to the account's phone."""
        with httpx.Client(trust_env=False) as client:
            messages: list[dict[str, Any]] = client.get(self.sms).raise_for_status().json()["messages"]
        return [str(sms["text"]) for sms in messages if sms["phone"] == self.account["phone"]][-1]


@contextmanager
def laptop_stack() -> Iterator[LaptopStack]:
    """Start the stack and stop it again; raises Exit if it does not start, which it explains itself."""
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise typer.Exit(1)
        yield LaptopStack(**json.loads(line))
    finally:
        process.communicate()
