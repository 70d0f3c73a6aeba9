"""sbom.py BUILD WHEELS LOCK SBOM: writes what is in the artifact as CycloneDX 1.6, the same bytes for the same one.

A component stands for a wheel, told by the hash that the lock pins; which of its files the artifact carries is counted,
not assumed. A file that comes from no wheel and not from functions/ ends the build, and so does a licence that is not
on the list.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from tools.licences import is_compatible, licence, spelled
from tools.wheels import Wheel, carried_wheels

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "functions"
APPLICATION = "smartident"


def described(wheel: Wheel, artifact: Path) -> dict[str, Any]:
    """One wheel as a component: its hash, its licence, what it needs, and what was cut out of it."""
    carried, changed = wheel.carried(artifact), wheel.changed(artifact)
    notes = f"{len(carried)} of its {len(wheel.files)} files are carried, compiled beside their source"
    if changed:
        notes += f"; shortened: {', '.join(sorted(changed))}"
    return {
        "type": "library",
        "bom-ref": wheel.purl,
        "name": wheel.name,
        "version": wheel.version,
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        "licenses": [{"expression": licence(wheel.metadata)}],
        "purl": wheel.purl,
        "pedigree": {"notes": notes},
        **inner(wheel, artifact),
    }


def inner(wheel: Wheel, artifact: Path) -> dict[str, Any]:
    """What is compiled into a wheel, as far as the wheel's own bills of materials tell (PEP 770)."""
    parts: dict[str, dict[str, Any]] = {}
    for file in sorted((artifact / wheel.dist_info / "sboms").glob("*.json")):
        for part in json.loads(file.read_text(encoding="utf-8"))["components"]:
            reference = f"{wheel.purl}#{part['name']}@{part['version']}"
            said = [one.get("expression", "") for one in part.get("licenses", ())]
            parts[reference] = {
                "type": part["type"],
                "bom-ref": reference,
                "name": part["name"],
                "version": part["version"],
                "licenses": [{"expression": spelled(part["name"], "".join(said))}],
                # Where it lay on the machine that made the wheel tells nobody anything.
                **({"purl": part["purl"].partition("?")[0]} if "purl" in part else {}),
            }
    return {"components": [parts[name] for name in sorted(parts)]} if parts else {}


def strangers(artifact: Path, wheels: list[Wheel]) -> list[str]:
    """Files that come neither from a wheel nor from functions/; bytecode counts as its source."""
    ours = {str(file.relative_to(SOURCES)) for file in SOURCES.rglob("*") if file.is_file()}
    known = ours.union(*(wheel.files for wheel in wheels), *(wheel.written for wheel in wheels))
    found = (str(file.relative_to(artifact)) for file in artifact.rglob("*") if file.is_file())
    return sorted(name for name in found if client_address_of(name) not in known)


def client_address_of(name: str) -> str:
    """The file that bytecode was made of, or the file itself."""
    path = Path(name)
    if path.suffix != ".pyc":
        return name
    return str(path.parent.parent / f"{path.name.partition('.')[0]}.py")


def bill(artifact: Path, wheels: list[Wheel]) -> dict[str, Any]:
    """The bill of materials of one artifact: no times, no random numbers, everything in order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    here = {wheel.name: wheel.purl for wheel in wheels}
    needed = [
        {"ref": wheel.purl, "dependsOn": sorted(here[name] for name in wheel.needs & here.keys())} for wheel in wheels
    ]
    application = {
        "type": "application",
        "bom-ref": APPLICATION,
        "name": APPLICATION,
        "version": project["version"],
        "licenses": [{"expression": project["license"]}],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": application},
        "components": [described(wheel, artifact) for wheel in wheels],
        "dependencies": [{"ref": APPLICATION, "dependsOn": sorted(here.values())}, *needed],
    }


def doubts(made: dict[str, Any]) -> list[str]:
    """Components, inner ones too, whose licence is not on the list."""
    components = [one for outer in made["components"] for one in (outer, *outer.get("components", ()))]
    told = [(one["name"], one["licenses"][0]["expression"]) for one in components]
    return [f"not on the list of licences: {name}, {said or 'none'}" for name, said in told if not is_compatible(said)]


def main(build: Path, store: Path, lock: Path, sbom: Path) -> int:
    """Write the bill; 1 if something in the artifact is of unknown origin or licence."""
    artifact = next(folder for folder in sorted(build.glob("*/")) if (folder / APPLICATION).is_dir())
    wheels = carried_wheels(artifact, store, lock.read_text(encoding="utf-8"))
    made = bill(artifact, wheels)
    sbom.parent.mkdir(parents=True, exist_ok=True)
    sbom.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    wrong = [*(f"of unknown origin: {name}" for name in strangers(artifact, wheels)), *doubts(made)]
    print("\n".join([*wrong, f"{len(wheels)} packages in {sbom}"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
