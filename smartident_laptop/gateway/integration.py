"""What both APIs stand in front of: the functions, and who is told what happened."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor


@dataclass(frozen=True)
class Integration:
    """The functions as the gateway calls them, without blocking its other requests."""

    function: Callable[[str, dict[str, Any]], Any]
    executor: Executor
    domain: str
    on_request: Callable[[str, str, int, float], None]
    on_failure: Callable[[str], None]

    async def invoke(self, logical_id: str, event: dict[str, Any]) -> Any:
        """What a function of the template answers; raises FunctionFailed."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, self.function, logical_id, event)
