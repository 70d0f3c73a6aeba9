"""Removes the conditions of the conditional writes, one at a time, and demands that some test then fails.

A suite in which nobody is in anybody's way stays green without a single condition. This one must not. It takes minutes,
so it is a command of its own (`make mutate-conditions`) and no part of `make test`. A word after it chooses files.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import pytest

from labs.mutation.removals import Removal, removals_of

ROOT = Path(__file__).resolve().parent.parent.parent

FIRST = ("test_stale", "test_password", "test_pending", "test_races")
ELSEWHERE = ("audit", "bench", "browser", "contract", "faults", "fuzz", "laptop", "properties")
SLOW = ("test_doctor", "test_cold_start")
LASTING = ("boto3", "moto.backends", "pynamodb.models", "webauthn", "joserfc.jws", "aws_lambda_powertools", "yaml")
PATIENCE = 900
TAIL = 1500
KILLED, SURVIVED, BROKEN, HUNG = "killed", "SURVIVED", "BROKEN", "HUNG"


def copy_to(place: Path) -> None:
    """A copy of the repository's files as they stand, so that nothing here is ever spoiled."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607  git
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)


def tests_in(place: Path) -> list[str]:
    """The tests that need no browser and no second process, those first that most often see a removal."""
    paths = sorted(
        path for path in place.glob("tests/*/test_*.py") if path.parent.name not in ELSEWHERE and path.stem not in SLOW
    )
    ranks = {
        path: next((rank for rank, word in enumerate(FIRST) if path.stem.startswith(word)), len(FIRST))
        for path in paths
    }
    return [str(path.relative_to(place)) for path in sorted(paths, key=lambda path: ranks[path])]


def prepare(folder: str) -> None:
    """Give a worker its copy, and import once what every run of the tests imports and no removal touches."""
    place = Path(folder, str(os.getpid()))
    place.mkdir()
    copy_to(place)
    os.chdir(place)
    for module in LASTING:
        import_module(module)


def run_tests() -> str:
    """What the tests say in this worker's copy: killed if one of them failed; no end in time proves nothing."""
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE)
        output = os.open("conditions.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        # Bytecode knows its source by second and size, and a removal may change neither.
        sys.dont_write_bytecode = True
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests_in(Path())])
        os._exit(int(code))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return HUNG
    verdict = {0: SURVIVED, 1: KILLED}.get(os.waitstatus_to_exitcode(status), BROKEN)
    return verdict if verdict == KILLED else f"{verdict} {Path('conditions.log').read_text()[-TAIL:]}"


def judged(removal: Removal) -> str:
    """The verdict on one removal, in this worker's copy."""
    plain = removal.path.read_bytes()
    removal.path.write_bytes(removal.mutated)
    try:
        return run_tests()
    finally:
        removal.path.write_bytes(plain)


def main() -> None:
    """Judge every removal; what survives ends the command with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only files or removals that hold one of these words")
    parser.add_argument("--list", action="store_true", help="only say what would be removed")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    paths = sorted(path.relative_to(ROOT) for path in (ROOT / "functions").rglob("*.py"))
    removals = [removal for path in paths for removal in removals_of(path)]
    removals = [one for one in removals if not chosen.words or any(word in str(one) for word in chosen.words)]
    if chosen.list:
        print(*removals, f"{len(removals)} conditions", sep="\n")
        return
    verdicts: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="conditions-") as folder,
        ProcessPoolExecutor(chosen.workers, get_context("spawn"), prepare, (folder,)) as pool,
    ):
        untouched = pool.submit(run_tests)
        for removal, verdict in zip(removals, pool.map(judged, removals), strict=True):
            verdicts.append(verdict.partition(" ")[0])
            print(f"{verdicts[-1]:9}{removal}", flush=True)
            if verdicts[-1] == BROKEN:
                print(verdict)
        if not untouched.result().startswith(SURVIVED):
            sys.exit(f"the tests fail as they are: {untouched.result()}")
    survived = [str(one) for one, verdict in zip(removals, verdicts, strict=True) if verdict != KILLED]
    print(f"{len(removals)} conditions removed, {len(survived)} missed by no test", *survived, sep="\n")
    sys.exit(1 if survived else 0)


if __name__ == "__main__":
    main()
