"""The laptop stack in a process of its own, with a crowd settled in it: `python -m bench.laptop_stack PEOPLE`.

Tells where it is by a line of JSON, and ends when its standard input closes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.cpu_time import own, spent
from smartident_client.keys import Key
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "Sommerregen-17"  # noqa: S105  of nobody
GATEWAY, FUNCTIONS, TABLE = "gateway", "functions", "table"


@dataclass(frozen=True)
class Laptop:
    """A running stack, its people (number and account id), and the one key of all their phones."""

    pid: int
    port: int
    url: str
    password: str
    key: dict[str, str]
    people: list[tuple[str, str]]

    def cpu_seconds(self) -> dict[str, float]:
        """What the processors spent so far on each part of the stack."""
        return {
            FUNCTIONS: spent(self.pid, running="smartident_laptop.runtime.container"),
            TABLE: spent(self.pid, running="smartident_laptop.moto.process"),
            GATEWAY: own(self.pid),
        }


@contextmanager
def running(people: int) -> Iterator[Laptop]:
    """A stack with so many people, for as long as the block lasts."""
    process = subprocess.Popen(  # noqa: S603  our own module, with a number
        [sys.executable, "-m", "bench.laptop_stack", str(people)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise RuntimeError("the stack did not start: see its traceback above")
        yield Laptop(**json.loads(line))
    finally:
        process.communicate()


def settled(stack: Stack, people: int) -> Laptop:
    """The stack with its crowd."""
    if stack.containers is None:
        raise RuntimeError("the stack does not run")
    key = Key.make()
    ask = {"people": people, "password": PASSWORD, "key": key.public_jwk(), "device_id": key.thumbprint}
    told = stack.containers.call("bench.seed_rows.handler", ask, name="Settle")
    return Laptop(os.getpid(), stack.port, stack.url, PASSWORD, key.private_jwk(), told)


def main(people: int) -> None:
    """Serve until standard input closes."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        stack = Stack(seed=False, log=nowhere, on_failure=lambda trace: print(trace, file=sys.stderr))
        with stack:
            print(json.dumps(asdict(settled(stack, people))), flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
