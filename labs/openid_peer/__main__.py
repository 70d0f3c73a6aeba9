"""`make bench-peer-oidc`: the code flow of OpenID Connect at smartIDENT and at npm's oidc-provider, in one run.

The figures go to .cache/out/bench/peer_oidc.json, and from there into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.cpu_time import own, spent
from bench.report import write
from bench.results import keep
from labs.openid_peer.code_flow import REDIRECT_URI, CodeFlow, log_in_at_oidc_provider, log_in_at_smartident
from labs.openid_peer.measuring import Side, measure
from labs.openid_peer.report import section
from smartident_laptop.demo.accounts import DEMO_CLIENT, DEMO_SECRET
from smartident_laptop.ports import bind
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# Batches and their requests of a run that only shows that it works.
QUICK = (2, 5)


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[tuple[int, str]]:
    """A provider as a process, by its id and its address; it ends when its standard input closes."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own programs
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line.startswith("{"):
            raise RuntimeError(f"{command[0]} did not start: {line}")
        yield process.pid, json.loads(line)["url"]
    finally:
        process.communicate()


@contextmanager
def _theirs(folder: Path) -> Iterator[Side]:
    with bind(0) as socket:
        port = str(socket.getsockname()[1])
    command = ["node", "provider.mjs", port, DEMO_CLIENT, DEMO_SECRET, REDIRECT_URI]
    with _running(command, folder) as (pid, url), CodeFlow(url) as flow:
        log_in_at_oidc_provider(flow)
        yield Side(flow, lambda: {"node": spent(pid)})


@contextmanager
def _ours() -> Iterator[Side]:
    with _running([sys.executable, "-m", "smartident_laptop", "--child"], ROOT) as (pid, url), CodeFlow(url) as flow:
        log_in_at_smartident(flow)
        yield Side(
            flow,
            lambda: {
                "functions": spent(pid, running="smartident_laptop.runtime.container"),
                "gateway": own(pid),
                "table": spent(pid, running="smartident_laptop.moto.process"),
            },
        )


def _machine() -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    processor = next((line.partition(": ")[2] for line in lines if "model name" in line), "")
    python = platform.python_version()
    return {"cores": os.cpu_count(), "processor": processor, "python": python, "load": os.getloadavg()[0]}


def _versions(folder: Path) -> dict[str, str]:
    package = json.loads((folder / "node_modules/oidc-provider/package.json").read_text(encoding="utf-8"))
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S607  the Node that runs it
    return {"version": package["version"], "node": node.strip().removeprefix("v")}


def main(arguments: list[str]) -> None:
    """Measure both in turns, and tell."""
    parser = argparse.ArgumentParser(prog="make bench-peer-oidc", description=__doc__)
    parser.add_argument("--provider", type=Path, required=True, help="folder with oidc-provider and provider.mjs")
    parser.add_argument("--batches", type=int, default=5, help="of each kind of request (default 5)")
    parser.add_argument("--requests", type=int, default=80, help="in a batch (default 80)")
    parser.add_argument("--quick", action="store_true", help="all of it small, and no report")
    options = parser.parse_args(arguments)
    batches, requests = QUICK if options.quick else (options.batches, options.requests)
    found: dict[str, Any] = {"machine": _machine(), "date": time.strftime("%Y-%m-%d")}
    found |= {"batches": batches, "requests": requests}
    with ExitStack() as both:
        theirs, ours = both.enter_context(_theirs(options.provider)), both.enter_context(_ours())
        measure((theirs, ours), batches, requests)
        found |= {"theirs": theirs.medians(), "ours": ours.medians()} | _versions(options.provider)
    text = section(found)
    print(text)
    if not options.quick:
        keep("peer_oidc", {**found, "text": text})
        write()


if __name__ == "__main__":
    main(sys.argv[1:])
