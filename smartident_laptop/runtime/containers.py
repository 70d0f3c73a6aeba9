"""The functions behind the gateway, each invocation in a container of its own as in Lambda: one event at a time."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING, Any

from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from smartident_laptop.template import Function

CONCURRENT = 8
GRACE_SECONDS = 3


class FunctionFailed(Exception):  # noqa: N818  API Gateway's word for it
    """The function raised, died or took too long; the message holds what the developer needs."""


def _inherited() -> dict[str, str]:
    """This process's environment without what belongs to another AWS account."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


class Container:
    """One process that holds the handlers."""

    def __init__(
        self, handlers: list[str], environment: Mapping[str, str], log: IO[str] | None, generation: int
    ) -> None:
        self.generation = generation
        self._process = subprocess.Popen(  # noqa: S603  our own module, with our own handlers
            [sys.executable, "-m", "smartident_laptop.runtime.container", *handlers],
            cwd=ROOT,
            env={**_inherited(), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._ready = False

    def wait_until_ready(self) -> None:
        """Wait until the handlers are imported; raises FunctionFailed if they cannot be."""
        if not self._ready:
            self._heard()
            self._ready = True

    def invoke(self, ask: dict[str, Any], timeout: int) -> dict[str, Any]:
        """What a handler answers to an event, and the faults on the way; raises FunctionFailed if it fails."""
        self.wait_until_ready()
        deadline = threading.Timer(timeout, self._process.kill)
        deadline.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                print(json.dumps(ask), file=self._process.stdin, flush=True)
            return self._heard()
        finally:
            deadline.cancel()

    @property
    def alive(self) -> bool:
        """Whether it can take another event."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process: it ends by itself once its input closes."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            self._process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _heard(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            status = self._process.wait()
            raise FunctionFailed(f"the container ended with status {status}: see the functions' log")
        heard: dict[str, Any] = json.loads(line)
        if "failure" in heard:
            raise FunctionFailed(heard["failure"])
        return heard


class Containers:
    """As many containers as there are invocations at once, up to a limit; made when needed, as Lambda makes them."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        environment: Mapping[str, str],
        log: IO[str] | None = None,
        on_fault: Callable[[str], object] = str,
    ) -> None:
        self.functions = functions
        self.environment = environment
        self.log = log
        self.on_fault = on_fault
        self._handlers = sorted({function.handler for function in functions.values()})
        self._generation = 0
        self._idle: list[Container] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(CONCURRENT)

    def start(self) -> None:
        """Begin to make the first container."""
        self._idle.append(self._made())

    def wait_until_ready(self) -> None:
        """Wait for the first container; raises FunctionFailed if the handlers cannot be imported."""
        for container in self._idle:
            container.wait_until_ready()

    def reload(self) -> None:
        """Read the handlers anew: raises FunctionFailed and keeps the old ones if the new ones cannot be imported."""
        fresh = self._made(self._generation + 1)
        try:
            fresh.wait_until_ready()
        except FunctionFailed:
            fresh.close()
            raise
        with self._lock:
            self._generation += 1
            old, self._idle = self._idle, [fresh]
        for container in old:
            container.close()

    def invoke(self, logical_id: str, event: dict[str, Any]) -> Any:
        """Have a function of the template answer an event; raises FunctionFailed."""
        function = self.functions[logical_id]
        return self.call(function.handler, event, name=logical_id, memory=function.memory, timeout=function.timeout)

    def call(self, handler: str, event: object, *, name: str, memory: int = 1769, timeout: int = 30) -> Any:
        """Have any handler answer an event in the functions' world; raises FunctionFailed."""
        context = {
            "function_name": name,
            "memory_limit_in_mb": memory,
            "timeout": timeout,
            "aws_request_id": secrets.token_hex(16),
        }
        with self._container() as container:
            heard = container.invoke({"handler": handler, "event": event, "context": context}, timeout)
        for trace in heard.get("faults", ()):
            self.on_fault(trace)
        return heard["answer"]

    def close(self) -> None:
        """End every container."""
        with self._lock:
            self._generation += 1
            idle, self._idle = self._idle, []
        for container in idle:
            container.close()

    def _made(self, generation: int | None = None) -> Container:
        return Container(
            self._handlers, self.environment, self.log, self._generation if generation is None else generation
        )

    @contextlib.contextmanager
    def _container(self) -> Iterator[Container]:
        with self._places:
            with self._lock:
                container = self._idle.pop() if self._idle else None
            container = container or self._made()
            try:
                yield container
            finally:
                with self._lock:
                    keep = container.alive and container.generation == self._generation
                    if keep:
                        self._idle.append(container)
                if not keep:
                    container.close()
