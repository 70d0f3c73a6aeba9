"""A known vulnerability fails, and a source that cannot be asked is told as skipped: neither passes for the other."""

from __future__ import annotations

import os
import subprocess
import sys
from shutil import which

import pytest

from tests.audit.advisories import source_that_knows
from tools.audit import KNOWN_NPM, KNOWN_PYTHON, LOCKS, ROOT

# What the audit asks a source first, to see whether it knows anything.
PYTHON, NPM = KNOWN_PYTHON, KNOWN_NPM["name"]
NOBODY = "http://127.0.0.1:9"
npm = pytest.mark.skipif(which("npm") is None, reason="npm is not here")


def audited(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make audit`'s last step, with this source and no other."""
    npm_told = {"npm_config_registry": source, "npm_config_fetch_retries": "0"}
    told = {"ADVISORIES_URL": source, "NO_PROXY": "127.0.0.1", **npm_told}
    command = [sys.executable, "tools/audit.py", *arguments]
    return subprocess.run(  # noqa: S603  our own script
        command, cwd=ROOT, env=os.environ | told, capture_output=True, text=True, check=False, timeout=300
    )


def test_a_vulnerable_package_of_the_artifact_fails() -> None:
    with source_that_knows(PYTHON, "urllib3") as source:
        answer = audited(source)
    assert answer.returncode == 1
    assert "Python: FOUND" in answer.stdout
    assert "TEST-urllib3" in answer.stdout


def test_a_vulnerable_package_of_the_tests_fails() -> None:
    with source_that_knows(PYTHON, "moto") as source:
        answer = audited(source)
    assert answer.returncode == 1
    assert "TEST-moto" in answer.stdout


@npm
def test_a_vulnerable_package_of_npm_fails() -> None:
    with source_that_knows(NPM, "typescript") as source:
        answer = audited(source)
    assert answer.returncode == 1
    assert "npm: FOUND" in answer.stdout


def test_nothing_known_is_clean() -> None:
    with source_that_knows(PYTHON, NPM) as source:
        answer = audited(source)
    assert answer.returncode == 0
    assert f"Python: clean: {len(LOCKS)} locks" in answer.stdout


@pytest.mark.parametrize("names", [None, ()], ids=["is not there", "knows nothing"])
def test_a_source_that_is_none_is_skipped_and_told(names: tuple[str, ...] | None) -> None:
    with source_that_knows() as source:
        answer = audited(NOBODY if names is None else source)
    assert answer.returncode == 0
    assert f"Python: SKIPPED: nobody names the advisories of {PYTHON}; osv: " in answer.stdout
    assert "npm: SKIPPED" in answer.stdout


def test_who_requires_an_answer_is_not_content_with_a_skipped_one() -> None:
    assert audited(NOBODY, "--required").returncode == 1
