"""The run file: by it a stack on this machine tells other processes where it is, one file a port, while it runs."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".local"


@dataclass(frozen=True)
class RunFile:
    """A running stack: its base URL, the environment of its functions, and the process that serves it."""

    url: str
    environment: dict[str, str]
    process: int


def run_file(port: int) -> Path:
    """Where `make run` on this port tells of itself."""
    return FOLDER / f"environment-{port}.json"


def read_run_file(file: Path) -> RunFile | None:
    """Read which stack runs; none if it does not: a stack that was killed could not take its file away."""
    try:
        running = RunFile(**json.loads(file.read_text(encoding="utf-8")))
        os.kill(running.process, 0)
    except (OSError, ValueError, TypeError):
        return None
    return running
