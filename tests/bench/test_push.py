"""`make bench ARGS=push`: one run says when the page is answered and when the push service is done, side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from bench import tables
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_every_login_wakes_a_phone_and_both_times_stand_in_one_table(tmp_path: Path) -> None:
    """No figure is compared: how long it takes says the machine."""
    environment = {**os.environ, "BENCH_FOLDER": str(tmp_path), "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "bench", "--quick", "push"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603  our own module
    found = json.loads((tmp_path / "push.json").read_text(encoding="utf-8"))
    assert found["logins"] == 4
    _, _, answered, pushed = tables.push(found).splitlines()
    assert answered.startswith("| the page is answered | 4 |")
    assert answered.endswith("| 1.0 | 1.0 | 1.0 |")
    assert pushed.startswith("| the push service answered 201 | 4 |")
