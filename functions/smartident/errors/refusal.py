"""The refusal that all others are."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not a fault of the program
    """A request that we decline, with a stable code and details that help the caller."""

    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str = "", **details: object) -> None:
        super().__init__(message or self.code)
        self.details = details
