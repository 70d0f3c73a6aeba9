"""One container of a function: AWS's Runtime Interface Emulator with Lambda's own runtime client, on loopback."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smartident_laptop.ports import LOOPBACK, bind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64"}
PATIENCE = 60
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PATH = "/2015-03-31/functions/function/invocations"


@dataclass(frozen=True)
class Tools:
    """Where the emulator and the interpreter with Lambda's runtime client are."""

    emulators: Path
    python: Path

    @property
    def emulator(self) -> Path:
        """The emulator for this machine."""
        return self.emulators / f"aws-lambda-rie-{ARCHITECTURES[platform.machine()]}"


@dataclass(frozen=True)
class Start:
    """What a cold start took: until the first answer, by the clock and by the processors."""

    wall_ms: float
    cpu_ms: float
    answer: bytes


def cold_start(tools: Tools, artifact: Path, handler: str, event: bytes, environment: Mapping[str, str]) -> Start:
    """Start a container, ask it once and end it."""
    port, runtime_port = _free_port(), _free_port()
    addresses = [
        *("--runtime-interface-emulator-address", f"{LOOPBACK}:{port}"),
        *("--runtime-api-address", f"{LOOPBACK}:{runtime_port}"),
    ]
    process = subprocess.Popen(  # noqa: S603  AWS's emulator, with our own artifact
        [tools.emulator, *addresses, tools.python, "-m", "awslambdaric", handler],
        cwd=artifact,
        env={**_lambda_environment(artifact, handler), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_listening(port)
        # The emulator starts the runtime at the first question.
        before, began = _cpu_ms(process.pid), time.perf_counter()
        with _DIRECT.open(f"http://{LOOPBACK}:{port}{_PATH}", event, timeout=PATIENCE) as reply:
            answer = reply.read()
        return Start((time.perf_counter() - began) * 1000, _cpu_ms(process.pid) - before, answer)
    finally:
        for member in _session(process.pid):
            with suppress(ProcessLookupError):
                os.kill(int(member.name), signal.SIGKILL)
        process.wait()


def _lambda_environment(artifact: Path, handler: str) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        # Lambda's task root is read-only: what has no bytecode is compiled at every start.
        "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(artifact),
        "_HANDLER": handler,
        "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(PATIENCE),
    }


def _session(leader: int) -> Iterator[Path]:
    """The processes of a session: the emulator gives the runtime a process group of its own."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getsid(int(process.name)) == leader:
                yield process


def _cpu_ms(leader: int) -> float:
    """What the processors spent so far on a session, all its threads together."""
    spent = 0
    for process in _session(leader):
        with suppress(OSError):
            spent += sum(int(task.read_text().split()[0]) for task in process.glob("task/*/schedstat"))
    return spent / 1e6


def _free_port() -> int:
    with bind(0) as listener:
        return int(listener.getsockname()[1])


def _wait_until_listening(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with _DIRECT.open(f"http://{LOOPBACK}:{port}/ping", timeout=1):
                return
        except urllib.request.HTTPError:
            return
        except OSError:
            time.sleep(0.01)
    raise TimeoutError("the emulator does not listen")
