"""The laptop's stack as other processes find it: one file a port, told by `make run` while it runs."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".local"


@dataclass(frozen=True)
class Laptop:
    """A running stack: its base URL, the environment of its functions, and the process that serves it."""

    url: str
    environment: dict[str, str]
    process: int


def laptop_file(port: int) -> Path:
    """Where `make run` on this port tells of itself."""
    return FOLDER / f"environment-{port}.json"


def read_laptop(file: Path) -> Laptop | None:
    """The stack that a file tells of; none if it does not run, for one that was killed could not take its file away."""
    try:
        laptop = Laptop(**json.loads(file.read_text(encoding="utf-8")))
        os.kill(laptop.process, 0)
    except (OSError, ValueError, TypeError):
        return None
    return laptop
