"""CPU seconds of processes, as Linux counts them: what a family of processes spent, its buried members included."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """A living process: who started it, what it runs, and the seconds that it and its dead children spent."""

    parent: int
    command: str
    seconds: float


def living() -> dict[int, Process]:
    """Every process of this machine by its id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            # The name in parentheses may itself hold spaces and parentheses.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found[int(folder.name)] = Process(int(fields[1]), command, sum(map(int, fields[11:15])) / TICKS)
    return found


def descendants(leader: int, processes: dict[int, Process]) -> set[int]:
    """A process and all that it started, directly or not."""
    family, grown = {leader}, 0
    while grown != len(family):
        grown = len(family)
        family |= {pid for pid, process in processes.items() if process.parent in family}
    return family


def spent(leader: int, *, running: str = "") -> float:
    """CPU seconds so far of a process and its descendants; with `running` only of those whose command holds it."""
    processes = living()
    members = descendants(leader, processes) & processes.keys()
    return sum(processes[pid].seconds for pid in members if running in processes[pid].command)


def own(pid: int) -> float:
    """CPU seconds so far of one process alone, its dead children included."""
    return living()[pid].seconds


def busy() -> float:
    """CPU seconds so far of everything on this machine."""
    user, nice, system, idle, waiting, *others = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
    del idle, waiting
    return (user + nice + system + sum(others)) / TICKS
