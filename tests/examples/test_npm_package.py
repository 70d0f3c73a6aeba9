"""smartident.js as an npm package: what is in it, how small it is, and what its types let pass."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from smartident_laptop.template import ROOT

PACKAGE = ROOT / ".cache/npm"
REACT = ROOT / "examples/react"
TSC = ROOT / "node_modules/.bin/tsc"
MAX_GZIPPED = 6_000
USES = """
import { Refusal, SmartIdent, type Completed, type Connection, type Login, type Status } from "smartident";
const login: Login = await new SmartIdent({ apiUrl: "", clientId: "app" }).login("1", "x", { nonce: "n" });
login.addEventListener("status", ({ detail }) => { const status: Status = detail; void status; }, { once: true });
login.addEventListener("connection", ({ detail }) => { const connection: Connection = detail; void connection; });
const completed: Completed = await login.completed.catch((refusal: Refusal) => { throw refusal.code; });
const byPasskey: Login | undefined = await new SmartIdent({}).loginWithPasskey({ conditional: true, nonce: "n" });
byPasskey?.addEventListener("status", ({ detail }) => { const status: Status = detail; void status; });
document.title = `${completed.redirect_to} ${login.expiresAt.getTime()} ${login.transferCode ?? ""}`;
"""
# What the types must not let pass, each by its last line.
MISUSES = {
    "an event that there is none of": 'login.addEventListener("state", () => {});',
    "the detail of another event": 'login.addEventListener("status", ({ detail }) => detail === "live");',
    "an option that there is none of": 'new SmartIdent({ api: "" });',
    "what no outsider needs": "login.token;",
    "an option of a passkey login that there is none of": "new SmartIdent({}).loginWithPasskey({ silent: true });",
    "a passkey login that nobody chose": "byPasskey.completed;",
    "a refusal's answer that there is none of": "(error: Refusal) => error.answer;",
}


@pytest.fixture(scope="module")
def package() -> Path:
    if not (PACKAGE / "package.json").is_file():
        pytest.skip("make test-examples builds the package, where the npm registry answers")
    return PACKAGE


def told(package: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return read


def compiled(package: Path, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """A module that uses the package, as TypeScript judges it."""
    modules = folder / "node_modules"
    shutil.copytree(package, modules / "smartident", dirs_exist_ok=True)
    (folder / "uses.ts").write_text(text, encoding="utf-8")
    options = ("--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return subprocess.run([TSC, *options, "uses.ts"], check=False, cwd=folder, capture_output=True, text=True)  # noqa: S603  made by make


def test_it_is_small_whole_and_depends_on_nothing(package: Path) -> None:
    about = told(package)
    assert {name for name in about if "ependencies" in name} == set()
    assert {*about["files"]} <= {file.name for file in package.iterdir()}
    assert len(gzip.compress((package / "smartident.js").read_bytes())) < MAX_GZIPPED


def test_its_version_is_the_services(package: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (told(package)["version"], told(package)["license"]) == (project["version"], "Apache-2.0")


def test_a_program_finds_what_it_exports(package: Path, tmp_path: Path) -> None:
    shutil.copytree(package, tmp_path / "node_modules/smartident")
    asked = 'import("smartident").then((found) => console.log(Object.keys(found).sort().join()))'
    said = subprocess.run(["node", "--eval", asked], check=True, cwd=tmp_path, capture_output=True, text=True)  # noqa: S603, S607  our own program
    assert said.stdout.strip() == "Login,Passkeys,Refusal,SmartIdent"


@pytest.mark.parametrize("part", ["smartident.js", "src", "smartident.d.ts"])
def test_nothing_else_of_it_can_be_imported(part: str, package: Path, tmp_path: Path) -> None:
    shutil.copytree(package, tmp_path / "node_modules/smartident")
    asked = f'import("smartident/{part}").catch(({{ code }}) => console.log(code))'
    said = subprocess.run(["node", "--eval", asked], check=True, cwd=tmp_path, capture_output=True, text=True)  # noqa: S603, S607  our own program
    assert said.stdout.strip() == "ERR_PACKAGE_PATH_NOT_EXPORTED"


def test_its_types_fit_a_page(package: Path, tmp_path: Path) -> None:
    done = compiled(package, tmp_path, USES)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def misused(package: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What TypeScript says of all misuses, a line each."""
    text = USES + "\n".join(MISUSES.values())
    done = compiled(package, tmp_path_factory.mktemp("misused"), text)
    return [line for line in done.stdout.splitlines() if "error TS" in line]


@pytest.mark.parametrize("misuse", MISUSES)
def test_its_types_refuse(misuse: str, misused: list[str]) -> None:
    at = len(USES.splitlines()) + 1 + list(MISUSES).index(misuse)
    assert len(misused) == len(MISUSES)
    assert [line for line in misused if line.startswith(f"uses.ts({at},")]


def test_the_example_in_react_fits_them(package: Path) -> None:
    if not (REACT / "node_modules").is_dir():
        pytest.skip("make test-examples installs it, where the npm registry answers")
    done = subprocess.run([TSC, "-p", REACT], check=False, capture_output=True, text=True)  # noqa: S603  made by make
    assert (package.name, done.returncode) == ("npm", 0), done.stdout
