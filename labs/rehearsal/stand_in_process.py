"""Runs MiniStack (in the environment that holds it) so that its Lambdas see the artifact and nothing beside it.

MiniStack starts a function by its own interpreter, whose packages would stand in for those that the artifact lacks:
`-S` leaves Python's standard library and the artifact, as in Lambda.
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Serve until ended."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "python"
        bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n', encoding="utf-8")
        bare.chmod(0o700)
        sys.executable = str(bare)
        sys.argv = ["ministack"]
        runpy.run_module("ministack", run_name="__main__")


if __name__ == "__main__":
    main()
