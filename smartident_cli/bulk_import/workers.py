"""Threads that do one piece of work after the other, and that nobody has to wait for in the end."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class Workers:
    """So many threads. They end with the process, whatever they wait for then."""

    def __init__(self, count: int) -> None:
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], Result]) -> Future[Result]:
        """Have a piece of work done."""
        future: Future[Result] = Future()
        self._work.put((future, work))
        return future

    def close(self, patience: float) -> None:
        """Let what has begun end, for so many seconds; what has not begun never does."""
        while not self._work.empty():
            self._work.get()
        for _ in self._threads:
            self._work.put(None)
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))

    def _run(self) -> None:
        while (piece := self._work.get()) is not None:
            future, work = piece
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001  whoever asks for the result hears it
                future.set_exception(error)
            else:
                future.set_result(result)
