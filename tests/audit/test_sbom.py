"""The bill of materials of what `make build` made: valid, true, complete, and of licences that go with Apache-2.0."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing

from tools.audit import ROOT
from tools.licences import COMPATIBLE, is_compatible
from tools.wheels import canonical

FILE = ROOT / ".cache/out/sbom.json"
TEXT = FILE.read_text(encoding="utf-8")
SBOM: dict[str, Any] = json.loads(TEXT)
COMPONENTS: list[dict[str, Any]] = SBOM["components"]
EVERYTHING = [one for outer in COMPONENTS for one in (outer, *outer.get("components", ()))]
ARTIFACTS = sorted(path.parent for path in ROOT.glob(".aws-sam/build/*/smartident"))
LOCK = (ROOT / "functions/requirements.txt").read_text(encoding="utf-8")
# Fetched with the others, and nothing of it is carried: it reads C for cffi, whose compiled half is all that is needed.
LEFT_OUT = {"pycparser"}


def test_it_is_a_bill_of_materials() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(TEXT) is None


def test_a_bill_that_is_none_is_seen() -> None:
    spoiled = json.dumps(SBOM | {"components": [{"name": "nameless"}]})
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(spoiled) is not None


def test_it_tells_no_time_and_nothing_random() -> None:
    assert "serialNumber" not in SBOM
    assert SBOM["metadata"].keys() == {"component"}


def test_it_names_what_the_lock_pins_with_the_hash_of_the_very_wheel() -> None:
    pinned = dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", LOCK, re.MULTILINE))
    named = {one["name"]: one["version"] for one in COMPONENTS}
    assert named == {name: version for name, version in pinned.items() if name not in LEFT_OUT}
    for one in COMPONENTS:
        (told,) = one["hashes"]
        entry = re.search(rf"^{re.escape(one['name'])}==.*?(?=^\S|\Z)", LOCK, re.MULTILINE | re.DOTALL)
        assert entry
        assert f"sha256:{told['content']}" in entry[0], one["name"]


@pytest.mark.parametrize("artifact", ARTIFACTS, ids=lambda path: path.name)
def test_it_names_what_is_in_each_artifact(artifact: Any) -> None:
    there = {canonical(path.name.partition("-")[0]) for path in artifact.glob("*.dist-info")}
    assert there == {one["name"] for one in COMPONENTS}


def test_it_tells_what_was_cut_out() -> None:
    notes = {one["name"]: one["pedigree"]["notes"] for one in COMPONENTS}
    assert "shortened: botocore/data/endpoints.json" in notes["botocore"]
    carried, whole = map(int, re.findall(r"\d+", notes["botocore"])[:2])
    assert carried < whole / 10


def test_it_tells_what_is_compiled_in() -> None:
    assert "openssl" in {one["name"] for one in EVERYTHING}


def test_every_licence_goes_with_ours() -> None:
    """Read by a library that knows the grammar of licences, beside the build's own reading."""
    grammar = get_spdx_licensing()
    for one in EVERYTHING:
        (told,) = one["licenses"]
        parsed = grammar.parse(told["expression"], validate=True, strict=True)
        allowed = {str(key): key in COMPATIBLE for key in map(str, grammar.license_symbols(parsed, decompose=False))}
        chosen = parsed.subs({grammar.parse(name): grammar.TRUE for name, is_allowed in allowed.items() if is_allowed})
        assert chosen.simplify() == grammar.TRUE, (one["name"], told)
        assert is_compatible(told["expression"])


@pytest.mark.parametrize(
    "expression",
    ["GPL-3.0-only", "MIT AND GPL-3.0-only", "GPL-3.0-only OR AGPL-3.0-only", "(MIT OR ISC) AND SSPL-1.0", "BSD", ""],
)
def test_other_licences_do_not(expression: str) -> None:
    assert not is_compatible(expression)
