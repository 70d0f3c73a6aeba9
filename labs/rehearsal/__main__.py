"""`python -m labs.rehearsal`, which is `make rehearse`: deploy, play, stop midway, lack rights, rotate."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path
from random import Random

from labs.rehearsal.acts import rehearse
from labs.rehearsal.blind_spots import BLIND_SPOTS
from labs.rehearsal.stand_in import StandIn, StandInFailed
from smartident_cli.story.play import Differs

LOG_LINES = 40


def main(arguments: list[str]) -> int:
    """Rehearse; 1 if anything went another way than promised."""
    options = _options(arguments)
    if not options.every:
        print(f'sampled by the seed {options.seed} (ARGS="--seed {options.seed}" repeats it, ARGS=--every plays all)')
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        try:
            # Not resolved: the link itself makes the interpreter that environment's.
            with StandIn(options.python.absolute(), log) as stand_in:
                sample = None if options.every else Random(options.seed)  # noqa: S311  no secret comes of it  # nosec B311
                idle = rehearse(stand_in, options.releases, options.artifacts, sample)
        except (Differs, StandInFailed) as failure:
            log.seek(0)
            print(*log.readlines()[-LOG_LINES:], sep="", file=sys.stderr)
            print(failure, file=sys.stderr)
            return 1
    print("\nA stand-in does not show whether (make smoke asks AWS):")
    print(*(f"- {spot.sentence}" for spot in BLIND_SPOTS), sep="\n")
    if idle:
        print(f"No scene of labs/rehearsal/walk.py calls: {', '.join(idle)}. No right of theirs was withheld.")
    # A new function gets a scene of its own.
    return int(bool(idle) and options.every)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make rehearse", description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help="interpreter of the environment with MiniStack")
    parser.add_argument("--artifacts", type=Path, required=True, help="folder with one artifact per function")
    parser.add_argument(
        "--releases", nargs=5, required=True, help="releases in their order, whose templates lie beside them (JSON)"
    )
    parser.add_argument("--every", action="store_true", help="each function put back alone, each right withheld")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="of the sample otherwise")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
