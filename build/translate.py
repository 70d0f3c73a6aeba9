"""translate.py TEMPLATE: prints the CloudFormation that a SAM template becomes, without asking AWS.

cfn-lint on the result finds what it cannot see in the SAM file: a wrong runtime in Globals, a wrong `!Sub` target,
an unknown IAM action.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

PLACE_OF_CODE = "s3://artifacts"


class _NoManagedPolicies:
    """No names of managed policies are looked up: the template spells its own policies out."""

    def load(self) -> dict[str, str]:
        """Nothing."""
        return {}


def translate(text: str) -> dict[str, Any]:
    """The CloudFormation template that SAM makes of this one."""
    template = yaml_parse(text)
    template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"{PLACE_OF_CODE}/{name}.zip"
    translated: dict[str, Any] = transform(template, {}, _NoManagedPolicies())
    return translated


if __name__ == "__main__":
    print(json.dumps(translate(Path(sys.argv[1]).read_text(encoding="utf-8")), indent=1))
