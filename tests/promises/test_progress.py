"""A first `make run` says how far it is, and all of what went wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from smartident_laptop.template import ROOT

PIP = "import sys; print('Collecting a==1'); print('Collecting b==2'); print('Installing collected packages: a, b'); "


def told(program: str, lock: Path) -> subprocess.CompletedProcess[str]:
    lock.write_text("a==1 \\\n    --hash=sha256:00\nb==2 \\\n    --hash=sha256:11\n")
    command = [sys.executable, "tools/progress.py", sys.executable, "-c", program, "-r", str(lock)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own tool


def test_what_is_fetched_is_counted(tmp_path: Path) -> None:
    done = told(PIP, tmp_path / "lock.txt")
    assert (done.returncode, done.stdout) == (0, "  installing 2 packages\n")


def test_what_goes_wrong_is_told_whole_and_ends_make(tmp_path: Path) -> None:
    done = told(PIP + "print('ERROR: hashes do not match'); sys.exit(3)", tmp_path / "lock.txt")
    assert done.returncode == 3
    assert "ERROR: hashes do not match" in done.stdout


def test_a_first_run_shows_its_progress() -> None:
    command = ["make", "-n", "run", "VENV=.venv-of-nobody"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  make
    assert re.search(r"tools/progress\.py .*pip install .*requirements/run\.txt", done.stdout)
