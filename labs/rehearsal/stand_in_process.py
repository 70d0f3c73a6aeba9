"""Runs MiniStack (in the environment that holds it) so that its Lambdas see the artifact and nothing beside it.

MiniStack starts a function by its own interpreter, whose packages would stand in for those that the artifact lacks:
`-S` leaves Python's standard library and the artifact, as in Lambda.
"""

from __future__ import annotations

import importlib
import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

ASKED = "asked"
"""The file, in the folder where this runs, with every permission that was used: who asked, and the action."""


def main() -> None:
    """Serve until ended."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "python"
        bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n', encoding="utf-8")
        bare.chmod(0o700)
        sys.executable = str(bare)
        sys.argv = ["ministack"]
        note_permissions(Path.cwd() / ASKED)
        runpy.run_module("ministack", run_name="__main__")


def note_permissions(file: Path) -> None:
    """Have each permission that is granted from now on written down once."""
    iam: Any = importlib.import_module("ministack.core.iam_evaluator")
    decide, known = iam.evaluate, set[str]()

    def evaluate(context: Any, *policies: Any) -> Any:
        decided = decide(context, *policies)
        line = f"{context.principal_arn} {context.action}\n"
        if decided.decision == "Allow" and line not in known:
            known.add(line)
            with file.open("a", encoding="utf-8") as lines:
                lines.write(line)
        return decided

    iam.evaluate = evaluate


if __name__ == "__main__":
    main()
