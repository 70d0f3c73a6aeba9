"""What was found: one JSON file for each part of the report, in .cache/out/bench/."""

from __future__ import annotations

import json
import os
from typing import Any

from smartident_laptop.template import ROOT

# A quick run's figures mean little: it names another folder, so that no report is made of them.
FOLDER = ROOT / ".cache" / "out" / os.environ.get("BENCH_FOLDER", "bench")


def keep(part: str, found: dict[str, Any]) -> None:
    """Write a part down."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{part}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def found(part: str) -> dict[str, Any] | None:
    """A part as it was found, none if it was not measured."""
    file = FOLDER / f"{part}.json"
    if not file.exists():
        return None
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told
