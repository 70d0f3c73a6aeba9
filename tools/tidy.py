"""tidy.py SAMCONFIG ENV [KEPT]: deletes old versions of the functions of the stack deployed so.

Every release leaves a version of each function: 11 MB of the account's 75 GB, and with SnapStart a snapshot that costs
money. Each function keeps the newest versions (three, unless KEPT says more), those that callers reach, and the one
before each of these, to which a rollback goes. Nothing is deleted while a deploy runs. All of it may be run again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from tools.pages import target

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 3
LATEST = "$LATEST"


class Deploying(Exception):  # noqa: N818  what is going on
    """A deploy runs, and needs versions that may look old."""


def functions(stack: str, *, cloudformation: Any) -> Iterator[str]:
    """The functions of a stack; raises Deploying."""
    status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    if status.endswith("_IN_PROGRESS"):
        raise Deploying(f"{stack} is {status}: wait until the deploy has ended")
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::Lambda::Function":
                yield resource["PhysicalResourceId"]


def reached(function: str, *, client: Any) -> set[int]:
    """The versions that an alias sends callers to, a shift's new one among them."""
    found = set()
    for page in client.get_paginator("list_aliases").paginate(FunctionName=function):
        for alias in page["Aliases"]:
            weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
            found |= {alias["FunctionVersion"], *weights}
    return {int(version) for version in found - {LATEST}}


def old(versions: set[int], callers_reach: set[int], kept: int) -> list[int]:
    """The versions that nobody needs, the oldest first."""
    before = {max((one for one in versions if one < version), default=version) for version in callers_reach}
    needed = callers_reach | before | set(sorted(versions)[-kept:])
    return sorted(versions - needed)


def tidy(function: str, kept: int, *, client: Any) -> int:
    """Delete a function's old versions; how many there were."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    versions = {int(one["Version"]) for page in pages for one in page["Versions"] if one["Version"] != LATEST}
    gone = old(versions, reached(function, client=client), kept)
    for version in gone:
        client.delete_function(FunctionName=function, Qualifier=str(version))
    return len(gone)


def main(stack: str, region: str, kept: int) -> int:
    """Tidy every function of the stack, and say how; 1 while a deploy runs."""
    client = boto3.client("lambda", region_name=region)
    try:
        for function in list(functions(stack, cloudformation=boto3.client("cloudformation", region_name=region))):
            print(f"{function}: {tidy(function, kept, client=client)} old versions deleted")
    except Deploying as deploying:
        print(deploying)
        return 1
    return 0


if __name__ == "__main__":
    _, config, environment, *wished = sys.argv
    sys.exit(main(*target(Path(config), environment), max([KEPT, *map(int, wished)])))
