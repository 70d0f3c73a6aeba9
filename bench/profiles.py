"""Profiles: whose code a journey's time is spent in."""

from __future__ import annotations

import pstats
from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    import cProfile

OURS, PYTHON = "ours", "Python"


def shares(profile: cProfile.Profile, rounds: int) -> dict[str, Any]:
    """Milliseconds per journey by package and by function, the most first. A profiler's time is not the clock's."""
    table: Any = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # pstats declares it nowhere
    packages: dict[str, float] = defaultdict(float)
    functions = []
    for (file, line, name), (_, calls, own, _, callers) in table.items():
        for caller, (_, _, part, _) in callers.items() if file == "~" else ():
            packages[package(caller[0])] += part
        if file != "~":
            packages[package(file)] += own
        functions.append((own * 1000 / rounds, calls / rounds, f"{package(file)} {PurePath(file).name}:{line} {name}"))
    told = sorted(packages.items(), key=lambda entry: -entry[1])
    return {
        "packages": {name: seconds * 1000 / rounds for name, seconds in told},
        "functions": [f"{own:7.3f} ms {calls:6.1f} {name}" for own, calls, name in sorted(functions, reverse=True)],
    }


def package(file: str) -> str:
    """Whose a source file is."""
    parts = PurePath(file).parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1].removesuffix(".py")
    return OURS if file.startswith(str(ROOT)) else PYTHON
