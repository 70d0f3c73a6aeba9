"""The run file: `make run` tells the operator's commands where it is and which environment its functions have."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from smartident_client.run_file import FOLDER, RunFile, read_run_file, run_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident_laptop.stack import Stack

OWNER_ONLY = 0o600


@contextmanager
def published(stack: Stack) -> Iterator[None]:
    """Keep the file while the stack runs, for its owner's eyes only; files of stacks that were killed are removed."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    for left in FOLDER.glob("environment-*.json"):
        if read_run_file(left) is None:
            left.unlink(missing_ok=True)
    path = run_file(stack.port)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(RunFile(stack.url, stack.environment, os.getpid())), file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
