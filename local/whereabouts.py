"""Whereabouts: `make run` tells the operator's commands where it is and which environment its functions have."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from smartident_client.run_file import FOLDER, RunFile, read_run_file, run_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

MINE_ALONE = 0o600


@contextmanager
def told(stack: Stack) -> Iterator[None]:
    """Tell while the stack runs, by a file that only its owner may read; what killed stacks left goes."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    for left in FOLDER.glob("environment-*.json"):
        if read_run_file(left) is None:
            left.unlink(missing_ok=True)
    file = run_file(stack.port)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MINE_ALONE), "w", encoding="utf-8") as paper:
        json.dump(asdict(RunFile(stack.url, stack.environment, os.getpid())), paper)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
