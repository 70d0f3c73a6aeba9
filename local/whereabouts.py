"""Whereabouts: where `make run` tells the operator's commands which environment its functions have."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

MINE_ALONE = 0o600


@contextmanager
def told(stack: Stack) -> Iterator[None]:
    """Tell while the stack runs, by a file that only its owner may read."""
    file = ROOT / ".local" / f"environment-{stack.port}.json"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MINE_ALONE), "w", encoding="utf-8") as paper:
        json.dump({"url": stack.url, "environment": stack.environment}, paper)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
