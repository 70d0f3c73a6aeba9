"""The Makefile: what the docs and CI ask of it is there, and each target says what it does."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from smartident_laptop.template import ROOT, Template

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DESCRIBED = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
PAPERS = [ROOT / ".ci/run", *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "labs").rglob("*.md")]


def dry_run(*words: str) -> str:
    """What make would do."""
    command = ["make", "-n", "--no-print-directory", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  make
    return done.stdout


def test_every_target_says_what_it_does() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == DESCRIBED


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_what_is_asked_of_make_is_there(paper: object) -> None:
    text = (ROOT / str(paper)).read_text(encoding="utf-8")
    asked = set(re.findall(r"(?:`|step |    )make ([a-z][a-z-]*)", text))
    assert asked <= DESCRIBED


def test_make_test_runs_everything_or_one_file() -> None:
    everything, one = dry_run("test"), dry_run("test", "ARGS=tests/logins/test_login.py")
    assert "--cov" not in everything
    assert one.splitlines()[-1].endswith("-m pytest tests/logins/test_login.py")


def test_ci_runs_the_same_tests_with_the_gate_of_coverage() -> None:
    traced, plain = dry_run("coverage").splitlines()[-1], dry_run("test").splitlines()[-1]
    assert traced == f"{plain} --cov --cov-report=term --cov-fail-under=100"
    assert "step make coverage" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_the_oldest_python_runs_what_people_run_on_their_own() -> None:
    asked = [word for word in dry_run("test-oldest").splitlines()[-1].split() if word.startswith("tests/")]
    assert {"tests/cli", "tests/client", "tests/logins"} <= set(asked)
    assert [one for one in asked if not (ROOT / one).exists()] == []
    assert "step make test-oldest VENV=.venv-oldest" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_mypy_refuses_what_the_oldest_python_lacks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == f">={project['tool']['mypy']['python_version']}"


@pytest.mark.parametrize("target", ["run", "story"])
def test_running_the_service_installs_no_test_tools(target: str) -> None:
    lock = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    assert "requirements/dev.txt" not in dry_run(target, "VENV=.venv-of-nobody")
    assert re.search(r"^(pytest|mypy|ruff|hypothesis|schemathesis|playwright)==", lock, re.MULTILINE) is None


@pytest.mark.parametrize("version", ["3.13", "3.14"])
def test_the_artifact_is_built_for_the_python_that_is_asked_for(version: str) -> None:
    told = dry_run("build", f"LAMBDA_VERSION={version}", "LAMBDA_PYTHON=python", "-W", "functions/requirements.txt")
    assert f"--parameter-overrides PythonRuntime=python{version}" in told
    assert f"--python-version {version} --implementation cp --abi cp{version.replace('.', '')} " in told
    assert f"python{version}" in Template().document["Parameters"]["PythonRuntime"]["AllowedValues"]


def test_no_lock_is_resolved_while_it_is_installed() -> None:
    """A pip below 23.3 refuses extras in a lock with hashes."""
    hashed = [line for line in MAKEFILE.splitlines() if "--require-hashes" in line]
    assert len(hashed) >= 2
    assert [line for line in hashed if "--no-deps" not in line] == []
