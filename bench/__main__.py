"""`python -m bench`, which is `make bench`: every measurement, one after the other, then the report of them.

Each part runs in a process of its own and leaves a JSON file in .cache/out/bench/. `--quick` runs all of it small, to
see that it works: its figures mean little, so it writes no report, and they lie in .cache/out/bench-quick/.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from bench import report
from smartident_laptop.template import ROOT

PARTS = ("database", "work", "waiting", "push", "throughput")
QUICK = {
    "database": ["--quick"],
    "work": ["--rounds", "3"],
    "waiting": ["--logins", "4"],
    "push": ["--logins", "4"],
    "throughput": ["--logins", "4"],
}


def main(arguments: list[str]) -> None:
    """Measure what is asked for, then write the report."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}, and report (default: all)")
    parser.add_argument("--quick", action="store_true", help="all of it small, and no report")
    options = parser.parse_args(arguments)
    wanted = options.parts or [*PARTS, "report"]
    for part in PARTS:
        if part in wanted:
            print(f"== {part}", flush=True)
            small = QUICK[part] if options.quick else []
            folder = {"BENCH_FOLDER": "bench-quick"} if options.quick else {}
            # The functions' import root, as in Lambda: their handlers are called by name.
            environment = {**folder, **os.environ, "PYTHONPATH": str(ROOT / "functions")}
            subprocess.run(  # noqa: S603  our own modules
                [sys.executable, "-m", f"bench.{part}", *small], cwd=ROOT, env=environment, check=True
            )
    if "report" in wanted and not options.quick:
        report.main()


if __name__ == "__main__":
    main(sys.argv[1:])
