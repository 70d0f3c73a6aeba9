"""Clients that others generate from docs/api/openapi.yaml work, and Spectral finds nothing in it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smartident_laptop.demo.accounts import JONAS, MIRIAM
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT

OPENAPI = ROOT / "docs/api/openapi.yaml"
RULES = ROOT / "docs/api/spectral.yaml"
EXAMPLES = ROOT / "examples/clients"
TOOLS = ROOT / ".cache/contract/node_modules/.bin"
PYTHON = ROOT / ".venv-docs/bin"

Login = Callable[[str, str, str], str]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack() as running:
        yield running


def ran(*command: object, cwd: Path = ROOT, **environment: str) -> str:
    """What a command prints; it must end well."""
    path = {"PATH": f"{PYTHON}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(  # noqa: S603  the tools that make has installed
        [str(word) for word in command],
        check=False,
        cwd=cwd,
        env={**os.environ, **path, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Login:
    """The example in Python, with its client made by openapi-python-client."""
    folder = tmp_path_factory.mktemp("python")
    made = ("--path", OPENAPI, "--output-path", folder / "smartident_api", "--meta", "none", "--fail-on-warning")
    ran(PYTHON / "openapi-python-client", "generate", *made)
    return lambda *words: ran(PYTHON / "python", EXAMPLES / "login.py", *words, PYTHONPATH=str(folder))


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Login:
    """The example in TypeScript, checked against the types of openapi-typescript and compiled."""
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "login.ts").write_text((EXAMPLES / "login.ts").read_text(encoding="utf-8"))
    ran(TOOLS / "openapi-typescript", OPENAPI, "--output", folder / "smartident.d.ts")
    options = ("--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom")
    ran(TOOLS / "tsc", *options, folder / "login.ts", folder / "smartident.d.ts")
    return lambda *words: ran("node", folder / "login.js", *words)


@pytest.fixture(params=["python", "typescript"])
def login(request: pytest.FixtureRequest) -> Login:
    made: Login = request.getfixturevalue(request.param)
    return made


def test_a_generated_client_logs_in(stack: Stack, login: Login) -> None:
    assert login(stack.url, JONAS.number, JONAS.password) == f"{stack.url}/financeapp/signed-in/"


def test_a_generated_client_reads_refusals(stack: Stack, login: Login) -> None:
    assert login(stack.url, JONAS.number, "falsch") == "invalid_credentials"
    assert login(stack.url, MIRIAM.number, MIRIAM.password) == "key_registration_required"


def test_spectral_finds_nothing() -> None:
    said = ran(TOOLS / "spectral", "lint", OPENAPI, "--ruleset", RULES, "--fail-severity", "hint")
    assert "No results" in said


def test_spectral_would_find_something(tmp_path: Path) -> None:
    spoiled = tmp_path / "openapi.yaml"
    spoiled.write_text(OPENAPI.read_text(encoding="utf-8").replace("operationId: read_login", "x-id: read_login"))
    with pytest.raises(AssertionError, match="operation-operationId"):
        ran(TOOLS / "spectral", "lint", spoiled, "--ruleset", RULES, "--fail-severity", "hint")
