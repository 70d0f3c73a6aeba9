"""The comparison of the code flow as a section of docs/performance.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.cpu_time import TICKS
from labs.openid_peer.measuring import REQUESTS

SAID = {"authorization": "an authorization", "token": "a token request", "userinfo": "a question to userinfo"}

STEP_MS = 1000 / TICKS


def section(found: dict[str, Any]) -> str:
    """The section below its heading."""
    text = (Path(__file__).parent / "section.md").read_text(encoding="utf-8")
    machine = found["machine"]
    return text.format(
        rows="\n".join(_row(request, found["theirs"][request], found["ours"][request]) for request in REQUESTS),
        batches=found["batches"],
        requests=found["requests"],
        step=f"{STEP_MS / found['requests']:.1f}",
        count=found["batches"] * found["requests"],
        date=found["date"],
        version=found["version"],
        node=found["node"],
        cores=machine["cores"],
        processor=machine["processor"],
        python=machine["python"],
        load=f"{machine['load']:.1f}",
    )


def _row(request: str, theirs: dict[str, float], ours: dict[str, float]) -> str:
    peer, functions = theirs["node"], ours["functions"]
    return (
        f"| {SAID[request]} | {peer:.1f} | {functions:.1f} | {_ratio(functions, peer)} "
        f"| {ours['gateway']:.1f} | {ours['table']:.1f} | {ours['all']:.1f} | {_ratio(ours['all'], peer)} |"
    )


def _ratio(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.1f}" if theirs else "not counted"
