"""The log as Lambda writes it."""

from __future__ import annotations

import io
import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from smartident import telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator


class Log(io.StringIO):
    """What was logged, as text and line by line."""

    @property
    def text(self) -> str:
        """All of it."""
        return self.getvalue()

    def lines(self, message: str) -> list[dict[str, Any]]:
        """The lines of one kind, without what every line bears."""
        every = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in every if line["message"] == message]


@contextmanager
def logged() -> Iterator[Log]:
    """All that is logged at any level while this lasts."""
    log = Log()
    handler = logging.StreamHandler(log)
    handler.setFormatter(telemetry._logger().registered_formatter)
    logging.getLogger().addHandler(handler)
    try:
        yield log
    finally:
        logging.getLogger().removeHandler(handler)
