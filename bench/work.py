"""`python -m bench.work`: the processor's time of one login and one enrolment in our handlers, against the floor.

Handlers and floor speak to the same responder, in turns, over the same recorded answers. Medians of many rounds.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import statistics
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.cassette import ENROLMENT, LOGIN, Cassette
from bench.floor import HASHES, SIGNATURES, Floor
from bench.in_process_client import InProcessClient
from bench.journeys import Person, log_in, register, verify
from bench.profiles import shares
from bench.results import FOLDER, keep
from smartident_laptop.moto.cloud import CREDENTIALS
from smartident_laptop.ports import bind
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

WARM = 5
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def responding(file: Path) -> Iterator[str]:
    """The address of an AWS that answers from a cassette."""
    with bind(0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        descriptor = listener.fileno()
        process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "bench.replay_server", str(descriptor), str(file)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
        )
    try:
        yield url
    finally:
        process.communicate()


class Measuring:
    """Plays journeys against a responder and takes their time."""

    def __init__(self, cassette: Cassette, url: str) -> None:
        self.url = url
        self.floor = Floor(cassette, url)
        self.person = Person(**cassette.person)
        self.client = InProcessClient()

    def play(self, journey: str) -> dict[str, float]:
        """The seconds of each handler call of a journey."""
        self._rewind(journey)
        self.client.spent.clear()
        if journey == LOGIN:
            log_in(self.client, self.person)
        else:
            register(self.client, self.person)
            verify(self.client, self.person)
        return dict(self.client.spent)

    def bare(self, journey: str) -> dict[str, float]:
        """The seconds of each part of the journey's floor."""
        self._rewind(journey)
        return self.floor.parts(journey)

    def _rewind(self, journey: str) -> None:
        with _DIRECT.open(urllib.request.Request(f"{self.url}/journey/{journey}", method="POST")):  # noqa: S310  our own address
            pass


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Each part's median in milliseconds, and the median of the sums."""
    parts = {name: statistics.median(one[name] for one in rounds) * 1000 for name in rounds[0]}
    return {**parts, "all": statistics.median(sum(one.values()) for one in rounds) * 1000}


def measured(measuring: Measuring, journey: str, rounds: int) -> dict[str, Any]:
    """Ours and the floor, in turns."""
    for _ in range(WARM):
        measuring.play(journey)
        measuring.bare(journey)
    ours, floor = [], []
    for _ in range(rounds):
        ours.append(measuring.play(journey))
        floor.append(measuring.bare(journey))
    overhead = [
        (sum(mine.values()) - sum(least.values())) / sum(least.values())
        for mine, least in zip(ours, floor, strict=True)
    ]
    return {
        "ours": medians(ours),
        "floor": medians(floor),
        "overhead": statistics.median(overhead),
        "rounds": rounds,
        "calls": len(measuring.floor.calls[journey]),
        "hashes": HASHES[journey],
        "signatures": SIGNATURES[journey],
    }


def profiled(measuring: Measuring, journey: str, rounds: int) -> dict[str, Any]:
    """Where the handlers' time goes, by package and by function."""
    profile = cProfile.Profile()
    measuring.client.around = profile.runcall
    for _ in range(rounds):
        measuring.play(journey)
    measuring.client.around = lambda call: call()
    return shares(profile, rounds)


@contextmanager
def silenced() -> Iterator[None]:
    """What the handlers log is written, to nowhere."""
    kept = os.dup(1)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def main(arguments: list[str]) -> None:
    """Record, measure, keep what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.work", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="times each journey is played (default 200)")
    parser.add_argument("--profile", type=int, default=0, help="functions to tell of each journey's profile")
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / "cassette"
    subprocess.run([sys.executable, "-m", "bench.recording", file], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    cassette = Cassette.read(file)
    with responding(file) as url, silenced():
        os.environ.update({**CREDENTIALS, **cassette.settings, "AWS_ENDPOINT_URL": url, "CONNECTIONS_URL": url})
        measuring = Measuring(cassette, url)
        journeys = (LOGIN, ENROLMENT)
        found = {name: measured(measuring, name, options.rounds) for name in journeys}
        for name in journeys:
            found[name]["profile"] = profiled(measuring, name, max(options.rounds // 5, 2))
    keep("work", found)
    for name, one in found.items():
        print(name, f"{one['overhead']:.2f} of the floor beyond it", json.dumps(one["ours"]), json.dumps(one["floor"]))
        print(*one["profile"]["functions"][: options.profile], sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
