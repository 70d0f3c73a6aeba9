"""Rivals: somebody who is faster, just before each of the next calls of an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.fake_aws import Aws


def outrun(aws: Aws, operation: str, act: Callable[[], object], *, times: int) -> None:
    """Let the act come just before each of the next calls of an operation; its own calls are outrun by nobody."""

    def faster() -> None:
        act()
        if times > 1:
            outrun(aws, operation, act, times=times - 1)

    aws.before(operation, faster)
