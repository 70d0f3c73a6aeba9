"""`make bench-scale`: a thousand logins a second at nine in the morning, simulated under four sets of quotas.

Seeded: the same code tells the same story. Fills the tables of docs/scale.md.
"""

from __future__ import annotations

import argparse
import sys

from bench.report import put
from bench.results import keep
from labs.scale.arrivals import Crowd
from labs.scale.load_simulation import LoadSimulation
from labs.scale.quotas import PEAK, of_aws, of_the_template, of_yesterday, raised
from labs.scale.report import crowd_table, fleet_table, saturation_table, told
from smartident_laptop.template import ROOT

PAGE = ROOT / "docs" / "scale.md"
SETS = {
    "all as it comes": of_the_template,
    "`RequestRate` raised": of_aws,
    "and a table that is used to it": of_yesterday,
    "and AWS's quotas raised": raised,
}


def main(arguments: list[str]) -> int:
    """Simulate, tell, and fill the page."""
    parser = argparse.ArgumentParser(prog="make bench-scale", description=__doc__)
    parser.add_argument("--peak", type=float, default=PEAK, help="logins a second (default 1000)")
    parser.add_argument("--seed", type=int, default=9, help="of the dice (default 9)")
    parser.add_argument("--print", action="store_true", dest="prints", help="print the tables, leave the page alone")
    options = parser.parse_args(arguments)
    runs = {}
    for name, quotas in SETS.items():
        simulation = LoadSimulation(Crowd(peak=options.peak), quotas(), options.seed)
        simulation.run()
        runs[name] = told(simulation)
    tables = {"saturation": saturation_table(), "crowd": crowd_table(runs), "fleets": fleet_table(runs)}
    print(*tables.values(), sep="\n\n")
    if not options.prints:
        keep("scale", runs)
        page = PAGE.read_text(encoding="utf-8")
        for name, table in tables.items():
            page = put(page, name, table)
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
