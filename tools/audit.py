"""audit.py [--required]: what is known against the packages of every lock; a finding fails.

A source of advisories is believed only after it has named a package that everybody knows to be vulnerable. One that is
not reached, and one that answers all questions with "nothing", are none: then it says SKIPPED and why, and with
--required it fails. Once a source is believed, everything but a clean answer fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["functions/requirements.txt", *sorted(f"requirements/{lock.name}" for lock in ROOT.glob("requirements/*.txt"))]
# Of 2018 and of 2014; both have advisories ever since.
KNOWN_PYTHON = "requests==2.19.0"
KNOWN_NPM = {"name": "minimist", "version": "0.0.8"}
A_MINUTE = 60
CLEAN, FOUND, SKIPPED = "clean", "FOUND", "SKIPPED"


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, whatever that is."""
    try:
        return subprocess.run(  # noqa: S603  pip-audit or npm, with our own locks
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=10 * A_MINUTE
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return subprocess.CompletedProcess(command, 127, "", str(fault))


def read(text: str) -> dict[str, Any]:
    """A JSON object of a tool's output; nothing if it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def reason(answer: subprocess.CompletedProcess[str]) -> str:
    """Why a question was not answered, as its tool tells it."""
    told = read(answer.stdout)
    given = [one["skip_reason"] for one in told.get("dependencies", ()) if "skip_reason" in one]
    given += [str(told["message"])] if "message" in told else []
    given += [line.strip() for line in reversed(answer.stderr.splitlines()) if line.strip()]
    return given[0] if given else "it knows nothing against it"


def python_sources() -> list[list[str]]:
    """The sources of advisories, as pip-audit is told them; ADVISORIES_URL is a mirror of OSV's."""
    mirror = os.environ.get("ADVISORIES_URL")
    if mirror:
        return [["--vulnerability-service", "osv", "--osv-url", mirror]]
    return [["--vulnerability-service", "osv"], ["--vulnerability-service", "pypi"]]


def pip_audit(lock: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Ask about the pins of one lock, and install nothing to do so."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--progress-spinner", "off", "-r", str(lock)]
    return run([*command, *options], ROOT)


def believed_source(folder: Path) -> tuple[list[str], str]:
    """The first source that knows what everybody knows; if none does, what each said."""
    known = folder / "known.txt"
    known.write_text(f"{KNOWN_PYTHON}\n", encoding="utf-8")
    said = []
    for source in python_sources():
        answer = pip_audit(known, "--no-deps", "--format", "json", *source)
        if any(one.get("vulns") for one in read(answer.stdout).get("dependencies", ())):
            return source, ""
        said.append(f"{source[1]}: {reason(answer)}")
    return [], f"nobody names the advisories of {KNOWN_PYTHON}; {'; '.join(said)}"


def python_outcome(folder: Path, locks: list[Path]) -> tuple[str, str]:
    """What is known against the packages of the locks of Python."""
    source, why_not = believed_source(folder)
    if not source:
        return SKIPPED, why_not
    found = []
    for lock in locks:
        answer = pip_audit(lock, "--require-hashes", "--strict", "--desc", "off", *source)
        if answer.returncode:
            found.append(f"{lock}\n{answer.stdout}{answer.stderr}")
    return (FOUND, "\n".join(found)) if found else (CLEAN, f"{len(locks)} locks")


def npm_audit(folder: Path) -> subprocess.CompletedProcess[str]:
    """Ask about the packages of a package-lock.json."""
    return run(["npm", "audit", "--package-lock-only", "--json"], folder)


def npm_outcome(folder: Path, project: Path) -> tuple[str, str]:
    """What is known against the packages that check web/; none of them is shipped."""
    name, version = KNOWN_NPM["name"], KNOWN_NPM["version"]
    wanted = {"name": "known", "version": "1.0.0", "dependencies": {name: version}}
    packages = {"": wanted, f"node_modules/{name}": {"version": version}}
    locked = {"name": "known", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": packages}
    (folder / "package.json").write_text(json.dumps(wanted), encoding="utf-8")
    (folder / "package-lock.json").write_text(json.dumps(locked), encoding="utf-8")
    known = npm_audit(folder)
    if not read(known.stdout).get("vulnerabilities"):
        return SKIPPED, f"the registry does not name the advisories of {name} {version}: {reason(known)}"
    answer = npm_audit(project)
    if answer.returncode:
        return FOUND, answer.stdout + answer.stderr
    return CLEAN, "package-lock.json"


def main(arguments: list[str]) -> int:
    """Ask both; 1 for a finding, and with --required for a skipped question too."""
    with tempfile.TemporaryDirectory() as python, tempfile.TemporaryDirectory() as npm:
        outcomes = {
            "Python": python_outcome(Path(python), [ROOT / lock for lock in LOCKS]),
            "npm": npm_outcome(Path(npm), ROOT),
        }
    for name, (outcome, told) in outcomes.items():
        print(f"known vulnerabilities, {name}: {outcome}: {told}")
    bad = {FOUND, SKIPPED} if "--required" in arguments else {FOUND}
    return 1 if bad & {outcome for outcome, _ in outcomes.values()} else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
