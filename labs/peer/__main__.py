"""`make bench-peer`: smartIDENT beside privacyIDEA, the same job on the same machine in one run.

Both sides are set up in temporary folders, driven by the same client, and stopped. The figures go to
.cache/out/labs/peer.json, and from there into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.cpu_time import spent
from bench.report import write
from bench.results import keep
from labs.peer.arrival import arrivals, waiting
from labs.peer.hashing import ALL, OWN, SAME
from labs.peer.load import log_in, log_in_for
from labs.peer.postgres import Postgres
from labs.peer.privacyidea_login import PeerPerson, phone_key
from labs.peer.privacyidea_server import WORKERS, PrivacyIdea
from labs.peer.report import bars, section
from labs.peer.smartident import OwnPerson, SmartIdent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from labs.peer.load import Person, Spent

AT_ONCE = (1, 8)
USERS = 1_000
ALL_AT_ONCE = 8
# People, seconds and arrivals of a run that only shows that it works.
QUICK = (12, 4.0, 8)


def _enrolment(people: Sequence[OwnPerson | PeerPerson], servers: Callable[[], Spent]) -> dict[str, Any]:
    """What enrolling everybody took, each."""
    before, began = servers(), time.perf_counter()
    for person in people:
        person.enrol()
    each = 1000 / len(people)
    spent_ms = {name: (seconds - before[name]) * each for name, seconds in servers().items()}
    return {"people": len(people), "cpu_ms": spent_ms, "each_ms": (time.perf_counter() - began) * each}


def _loads(people: Sequence[Person], servers: Callable[[], Spent], seconds: float) -> list[dict[str, Any]]:
    """Logins one after the other, then so many at once; everybody who begins has logged in once before."""
    for person in people[:ALL_AT_ONCE]:
        log_in(person)
    log_in_for(2, people, at_once=ALL_AT_ONCE, spent=servers)  # every container and worker is warm
    return [log_in_for(seconds, people, at_once=number, spent=servers).told() for number in AT_ONCE]


def _theirs(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {"loads": {}, "workers": WORKERS, "users": USERS}
    with Postgres(folder / "postgres") as database:
        server = PrivacyIdea(options.programs, folder / "privacyidea", database)
        server.set_up(USERS)

        def servers() -> Spent:
            return {"server": spent(server.leader), "database": spent(database.leader)}

        try:
            server.start(OWN)
            server.administer()
            key = phone_key()
            people = [PeerPerson(server, number, key) for number in range(1, options.people + 1)]
            found["enrolment"] = _enrolment(people, servers)
            for hashing in ALL:
                server.stop()
                server.start(hashing)
                for person in people:
                    person.hash_anew()
                found["loads"][hashing.name] = _loads(people, servers, options.seconds)
                if hashing is SAME:
                    found["arrival"] = arrivals(people, options.arrivals)
                    found["waiting"] = waiting(people[:ALL_AT_ONCE], options.seconds / 2, servers)
        finally:
            server.stop()
        found["versions"] = {"privacyIDEA": _version(options.programs), "PostgreSQL": database.version()}
    return found


def _ours(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {"loads": {}}
    for hashing in ALL:
        if hashing is OWN:
            continue  # ours is the one that both get in the second pass
        with SmartIdent(options.people, hashing.ours) as server:
            people = [OwnPerson(server, place) for place in range(options.people)]
            enrolment = _enrolment(people, server.spent)
            found["loads"][hashing.name] = _loads(people, server.spent, options.seconds)
            if hashing is SAME:
                found["enrolment"] = enrolment
                found["arrival"] = arrivals(people, options.arrivals)
                found["waiting"] = waiting(people[:ALL_AT_ONCE], options.seconds / 2, server.spent)
    found["loads"][OWN.name] = found["loads"][SAME.name]
    return found


def _version(programs: Path) -> str:
    shown = subprocess.run([programs / "pip", "show", "privacyidea"], check=True, capture_output=True, text=True)  # noqa: S603  our own environment
    return next(line.partition(": ")[2] for line in shown.stdout.splitlines() if line.startswith("Version"))


def _machine() -> dict[str, Any]:
    model = next(
        (line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), ""
    )
    return {
        "cores": os.cpu_count(),
        "processor": model,
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def main(arguments: list[str]) -> int:
    """Drive both and tell; 1 if anybody met an error."""
    parser = argparse.ArgumentParser(prog="make bench-peer", description=__doc__)
    parser.add_argument("--programs", type=Path, required=True, help="folder with privacyIDEA's gunicorn and pi-manage")
    parser.add_argument("--people", type=int, default=100, help="people enrolled on either side (default 100)")
    parser.add_argument("--seconds", type=float, default=20, help="of each stretch of logins (default 20)")
    parser.add_argument("--arrivals", type=int, default=100, help="logins whose page's waiting is timed (default 100)")
    parser.add_argument("--quick", action="store_true", help="all of it small, and no report")
    options = parser.parse_args(arguments)
    if options.quick:
        options.people, options.seconds, options.arrivals = QUICK
    options.programs = options.programs.absolute()
    found: dict[str, Any] = {"machine": _machine(), "date": time.strftime("%Y-%m-%d"), "people": options.people}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's own user passes through
        found["theirs"] = _theirs(options, Path(folder))
    found["ours"] = _ours(options)
    text = section(found)
    print(text)
    if not options.quick:
        keep("peer", {**found, "text": text, "bars": bars(found)})
        write()
    loads = [load for side in ("theirs", "ours") for both in found[side]["loads"].values() for load in both]
    for error in {error for load in loads for error in load["errors"]}:
        print("error:", error)
    return int(any(load["errors"] for load in loads))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
