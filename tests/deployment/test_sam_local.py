"""`make sam-local` prints a command that works as pasted: its program, its options and its files are there."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from smartident_client.run_file import RunFile
from smartident_laptop.template import ROOT, TEMPLATE, Template
from tools import sam_local

# Stands in for SAM, which needs Docker: says what it was called with.
SAM = '#!/bin/sh\necho "$AWS_ACCESS_KEY_ID $AWS_DEFAULT_REGION" "$@"\n'


def pasted(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `sam` hears once the printed command was pasted into a shell."""
    sam = folder / "sam"
    sam.write_text(SAM)
    sam.chmod(0o700)
    assert sam_local.main(sam, folder / "template.yaml", 8080) == 0
    command = capsys.readouterr().out
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    shell = ["/bin/sh", "-c", command]
    done = subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603  ours
    return done.stdout.split()


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack that says of itself what the functions need."""
    told = RunFile("http://localhost:8080", {**Template().environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:5000"}, 1)
    monkeypatch.setattr(sam_local, "read_run_file", lambda _: told)


def test_the_command_works_as_pasted(running: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    key, region, *words = pasted(tmp_path, capsys)
    assert (key, region, words[:3]) == ("local", "eu-central-1", ["local", "invoke", "Login"])
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert set(options) == {"--template", "--env-vars", "--docker-network", "--event"}
    assert all((ROOT / options[name]).is_file() for name in ("--template", "--env-vars", "--event"))
    variables = Template(Path(options["--template"])).environment
    assert set(json.loads(Path(options["--env-vars"]).read_text())["Parameters"]) <= set(variables)


def test_without_a_stack_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sam_local.main(tmp_path / "sam", tmp_path / "template.yaml", 1) == 1
    assert "make run" in capsys.readouterr().out


def test_the_docs_show_the_very_command() -> None:
    shown = (ROOT / "docs/sam-local.md").read_text(encoding="utf-8")
    assert ".venv-cloud/bin/sam local invoke Login --template .aws-sam/here/local.json" in shown
    assert "$(CLOUD_VENV)/bin/sam" in (ROOT / "Makefile").read_text(encoding="utf-8")
