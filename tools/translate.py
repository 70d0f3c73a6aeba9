"""translate.py TEMPLATE [RELEASE]: prints the CloudFormation that a SAM template becomes, without asking AWS.

cfn-lint on the result finds what it cannot see in the SAM file: a wrong runtime in Globals, a wrong `!Sub` target,
an unknown IAM action. On the way it makes sure that a new release, and nothing less, publishes new versions, and that
no list among the parameters ends up as one text.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACE_OF_CODE = "s3://artifacts"
# Where nothing is deployed, any release will do.
RELEASES = "0" * 64, "1" * 64


class _NoManagedPolicies:
    """No names of managed policies are looked up: the template spells its own policies out."""

    def load(self) -> dict[str, str]:
        """Nothing."""
        return {}


def translate(text: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The CloudFormation template that SAM makes of this one under these values of its parameters."""
    template = yaml_parse(text)
    template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"{PLACE_OF_CODE}/{name}.zip"
    translated: dict[str, Any] = transform(template, dict(parameters), _NoManagedPolicies())
    return translated


def versions(template: dict[str, Any]) -> dict[str, str]:
    """Of each function that callers reach through an alias, the version that the alias stands for."""
    aliases = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::Lambda::Alias"]
    return {alias["FunctionName"]["Ref"]: alias["FunctionVersion"]["Fn::GetAtt"][0] for alias in aliases}


def unpublished(text: str) -> set[str]:
    """The functions that a new release would leave as they are, because they have no version of their own to it."""
    one, other = (translate(text, {"Release": release}) for release in RELEASES)
    functions = {name for name, entry in one["Resources"].items() if entry["Type"] == "AWS::Lambda::Function"}
    renewed = {name for name, version in versions(one).items() if versions(other)[name] != version}
    return functions - renewed


def flattened(text: str) -> set[str]:
    """The parameters that are lists and whose text SAM would write into the result where the list is meant."""
    declared = yaml_parse(text)["Parameters"]
    marks = {name: f"text of {name}" for name, one in declared.items() if one["Type"] == "CommaDelimitedList"}
    written = json.dumps(translate(text, {**marks, "Release": RELEASES[0]})["Resources"])
    return {name for name, mark in marks.items() if mark in written}


def main(text: str, release: str = RELEASES[0]) -> int:
    """Print it; 1 if some function would not be published anew, or some list would be none."""
    left_out = unpublished(text)
    if left_out:
        print(f"a new release publishes no new version of {', '.join(sorted(left_out))}", file=sys.stderr)
        return 1
    if lists := flattened(text):
        print(f"SAM makes one text of {', '.join(sorted(lists))}: !Split a String instead", file=sys.stderr)
        return 1
    print(json.dumps(translate(text, {"Release": release}), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).read_text(encoding="utf-8"), *sys.argv[2:]))
