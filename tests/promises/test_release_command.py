"""`make deploy`: one command and one confirmation, and what it must not deploy stops before SAM is called."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from smartident_laptop.template import ROOT
from tests.promises.test_make import dry_run
from tests.promises.test_releases import LASTING, NAMED, PAPER
from tools import release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., dict[str, str] | None]

SAMCONFIG = ROOT / "samconfig.toml"
RUNS_HERE = {"PythonRuntime": f"python{sys.version_info.major}.{sys.version_info.minor}"}
Stack = dict[str, Any]
NO_STACK: Stack = {"StackStatus": ""}
DEPLOYED: Stack = {"StackStatus": "UPDATE_COMPLETE"}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Says what would be deployed to a stack that stands so, or None if nothing may be."""
    build = tmp_path / "build"
    build.mkdir()
    (build / "template.yaml").write_bytes(PAPER.read_bytes())

    def call(given: dict[str, str], stack: Stack, environment: str = "dev") -> dict[str, str] | None:
        client = SimpleNamespace(describe_stacks=lambda **_: {"Stacks": [stack]})
        monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
        # Only SAM's environment has its reader of samconfig.toml.
        monkeypatch.setattr(release, "given_in", lambda *_: {**RUNS_HERE, **given})
        file = tmp_path / "parameters.yaml"
        file.unlink(missing_ok=True)
        code = release.main(build, SAMCONFIG, environment, file, asking=False)
        assert (code == 0) is file.exists()
        return json.loads(file.read_text()) if file.exists() else None

    return call


@pytest.mark.parametrize(
    ("given", "environment", "said"),
    [
        ({"OneHost": "yes", "PublicUrl": NAMED}, "prod", "prod needs a domain of its own"),
        ({"OneHost": "yes"}, "prod", "prod needs a domain of its own"),
        ({**LASTING, "SigningKeyOrder": "second"}, "prod", "second may not follow first"),
        ({**LASTING, "PythonRuntime": "python3.9"}, "prod", "PythonRuntime: the artifact is built for"),
        ({**LASTING, "UniformLogin": "on", "TransferCodeDigits": "0"}, "prod", "TransferCodeDigits: 6 or 8"),
        ({**LASTING, "SmsDailyBuget": "5"}, "dev", "SmsDailyBuget"),
    ],
    ids=["CloudFront's name", "no name", "a rotation's step left out", "another Python", "no code", "a slip"],
)
def test_what_must_not_be_deployed_stops_before_sam_is_called(
    command: Command, capsys: pytest.CaptureFixture[str], given: dict[str, str], environment: str, said: str
) -> None:
    before = [{"ParameterKey": "SigningKeyOrder", "ParameterValue": "first"}]
    assert command(given, {**DEPLOYED, "Parameters": before}, environment) is None
    assert said in capsys.readouterr().out


def test_a_first_deployment_for_people_goes_all_at_once_and_the_next_gradually(command: Command) -> None:
    for stack, shift in ((NO_STACK, "AllAtOnce"), (DEPLOYED, "Canary10Percent5Minutes")):
        told = command(LASTING, stack, "prod")
        assert told
        assert told["Shift"] == shift


def test_the_address_that_cloudfront_gave_is_kept_at_every_deployment(command: Command) -> None:
    outputs = [{"OutputKey": "PagesUrl", "OutputValue": NAMED}]
    told = command({"OneHost": "yes"}, {**DEPLOYED, "Outputs": outputs})
    assert told
    assert told["PublicUrl"] == NAMED


@pytest.mark.parametrize(("status", "is_new"), [("UPDATE_COMPLETE", False), ("UPDATE_ROLLBACK_COMPLETE", True)])
def test_only_what_was_taken_back_is_another_release_though_nothing_differs(
    command: Command, status: str, *, is_new: bool
) -> None:
    first, again = (command(LASTING, {"StackStatus": status}) for _ in range(2))
    assert first
    assert again
    assert (first["Release"] != again["Release"]) is is_new


@pytest.mark.parametrize(
    ("code", "updates", "goes_on"),
    [(0, True, True), (release.TOLD, False, True), (1, False, False)],
    ids=["an address to tell", "nothing to tell", "nobody knows"],
)
def test_the_second_update_is_left_out_only_where_there_is_nothing_to_tell(
    tmp_path: Path, code: int, *, updates: bool, goes_on: bool
) -> None:
    for name, script in (("python", f"exit {code}"), ("sam", "echo sam $1")):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
    told = dry_run("deploy").replace("\\\n", " ")
    [step] = [line for line in told.splitlines() if "--name-address" in line]
    step = step.replace(f"{ROOT}/.venv-cloud", str(tmp_path)).replace(".venv-cloud", str(tmp_path))
    environment = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(["/bin/sh", "-c", step], env=environment, capture_output=True, text=True, check=False)  # noqa: S603  our own
    assert done.stdout == ("sam deploy\n" if updates else "")
    assert (done.returncode == 0) is goes_on


def test_an_operator_deploys_by_one_command_and_is_asked_once() -> None:
    told = dry_run("deploy", "ENV=prod").replace("\\\n", " ")
    steps = re.findall(
        r"--lint|tools\.release \S+ \S+ \S+ \S+ *$|sam deploy|--name-address|tools\.pages", told, re.MULTILINE
    )
    assert [one.partition(" ")[0] if one.startswith("tools") else one for one in steps] == [
        *("--lint", "tools.release", "sam deploy", "--name-address", "sam deploy", "tools.pages")
    ]
    first, second = re.findall(r"sam deploy [^;\n]*", told)
    assert "--no-confirm-changeset" not in first
    assert "--no-confirm-changeset" in second
    config = tomllib.loads(SAMCONFIG.read_text(encoding="utf-8"))
    assert config["prod"]["deploy"]["parameters"]["confirm_changeset"] is True
