"""The pages' own modules, asked outside of a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from smartident_laptop.template import ROOT


def module_says(path: str, expression: str, *arguments: str) -> Any:
    """The value of an expression over a module (`it`) of web/, by Node.js; skips the test where there is none."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    script = f"const it = await import(process.argv[1]); const [, , ...args] = process.argv; say({expression});"
    asked = f"const say = (value) => console.log(JSON.stringify(value)); {script}"
    command = [node, "--input-type=module", "--eval", asked, str(ROOT / "web" / path), *arguments]
    told = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603  our own modules
    return json.loads(told.stdout)
