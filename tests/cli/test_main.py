"""`smartident` itself: what it is called, and which version it is."""

from __future__ import annotations

import re

from typer.testing import CliRunner

from smartident_cli.main import app
from smartident_laptop.template import ROOT


def test_the_command_tells_its_version() -> None:
    told = CliRunner().invoke(app, ["--version"])
    (version,) = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert told.exit_code == 0
    assert told.output == f"smartident {version}\n"


def test_without_a_command_it_says_what_there_is() -> None:
    told = CliRunner().invoke(app, [])
    for command in ("account", "device", "doctor", "events", "phone", "receipts", "story"):
        assert command in told.output
