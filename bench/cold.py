"""`make bench-cold`: the cold start of each function as built, beside an empty one and the usual way, in one run.

A start is measured until the answer to a question that needs no AWS call. The subjects take turns, so that a busy
machine slows all of them; the medians are told by the clock and by the processors, which other work disturbs less.
"""

from __future__ import annotations

import argparse
import compileall
import json
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.emulator import Start, Tools, cold_start
from smartident_laptop.moto.cloud import CREDENTIALS
from smartident_laptop.template import ROOT, Template

HERE = Path(__file__).parent
USUAL, USUAL_COMPILED = "the usual way", "the usual way, with bytecode"
MAX_SHARE_OF_USUAL = 1 / 3
NOTHING = {
    "version": "2.0",
    "routeKey": "$default",
    "rawPath": "/nothing",
    "rawQueryString": "",
    "headers": {"accept-language": "de"},
    "requestContext": {
        "requestId": "measured",
        "domainName": "localhost",
        "stage": "$default",
        "http": {"method": "GET", "path": "/nothing", "sourceIp": "127.0.0.1"},
    },
    "isBase64Encoded": False,
}


@dataclass(frozen=True)
class Subject:
    """What is measured."""

    name: str
    artifact: Path
    handler: str
    event: bytes
    reference: bool = False


def _references(packages: Path) -> list[Subject]:
    """An empty function, and the usual way: as `sam build` leaves it, and with bytecode as ours has."""
    nothing = json.dumps(NOTHING).encode()
    shutil.copy(HERE / "usual" / "app.py", packages)
    compiled = packages.with_name("compiled")
    shutil.rmtree(compiled, ignore_errors=True)
    shutil.copytree(packages, compiled)
    compileall.compile_dir(compiled, quiet=2, force=True)
    return [
        Subject("empty", HERE / "empty", "app.handler", nothing, reference=True),
        Subject(USUAL, packages, "app.handler", nothing, reference=True),
        Subject(USUAL_COMPILED, compiled, "app.handler", nothing, reference=True),
    ]


def _ours(template: Template, artifacts: Path) -> list[Subject]:
    """Every function of the template."""
    socket = (ROOT / "events" / "websocket-connect.json").read_bytes()
    sockets = {route.function for route in template.socket_routes.values()}
    return [
        Subject(
            function.handler.split(".")[0],
            artifacts / name,
            function.handler,
            socket if name in sockets else json.dumps(NOTHING).encode(),
        )
        for name, function in template.functions.items()
    ]


def _measure(subjects: list[Subject], tools: Tools, environment: dict[str, str], rounds: int) -> dict[str, list[Start]]:
    found: dict[str, list[Start]] = {subject.name: [] for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            start = cold_start(tools, subject.artifact, subject.handler, subject.event, environment)
            if b"errorType" in start.answer:
                raise RuntimeError(f"{subject.name} fails: {start.answer.decode()}")
            found[subject.name].append(start)
    return found


def _table(subjects: list[Subject], found: dict[str, list[Start]]) -> tuple[str, list[str]]:
    """The medians, and the names of those that take more than a third of the usual way."""
    cpu = {name: statistics.median(start.cpu_ms for start in starts) for name, starts in found.items()}
    wall = {name: statistics.median(start.wall_ms for start in starts) for name, starts in found.items()}
    lines = ["| function | clock ms | CPU ms | of the usual way | of it with bytecode |", "|---|---:|---:|---:|---:|"]
    for name in (subject.name for subject in subjects):
        shares = f"{cpu[name] / cpu[USUAL]:.0%} | {cpu[name] / cpu[USUAL_COMPILED]:.0%}"
        lines.append(f"| {name} | {wall[name]:.0f} | {cpu[name]:.0f} | {shares} |")
    slow = [one.name for one in subjects if not one.reference and cpu[one.name] > cpu[USUAL] * MAX_SHARE_OF_USUAL]
    return "\n".join(lines), slow


def main(arguments: list[str]) -> int:
    """Measure and tell; 1 if a function takes more than a third of the usual way."""
    parser = argparse.ArgumentParser(prog="make bench-cold", description=__doc__)
    parser.add_argument("--artifacts", type=Path, required=True, help="folder with one artifact per function")
    parser.add_argument("--usual", type=Path, required=True, help="folder with the packages of the usual way")
    parser.add_argument("--emulators", type=Path, required=True, help="folder with the Runtime Interface Emulators")
    parser.add_argument("--python", type=Path, required=True, help="interpreter with awslambdaric")
    parser.add_argument("--rounds", type=int, default=5, help="cold starts of each (default 5)")
    options = parser.parse_args(arguments)
    template = Template()
    subjects = [*_references(options.usual.resolve()), *_ours(template, options.artifacts.resolve())]
    environment = {**template.environment, **CREDENTIALS, "TABLE_NAME": "none", "POWERTOOLS_TRACE_DISABLED": "true"}
    tools = Tools(options.emulators.resolve(), options.python.absolute())
    table, slow = _table(subjects, _measure(subjects, tools, environment, options.rounds))
    print(table)
    for name in slow:
        print(f"{name} takes more than a third of the usual way")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
