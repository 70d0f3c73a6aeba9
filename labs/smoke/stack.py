"""The trial's stack: deployed by SAM as an operator's is, and once more with a function that dies."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labs.smoke.account import STACK
from tools.release import RELEASE, effective, release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Enough for one person, little enough that a burst is turned away.
PARAMETERS = {
    "OneHost": "yes",
    "SmsDailyBudget": "10",
    # Nobody gets mail from there: the person of the trial has no address, and is told by SMS.
    "NoticeSender": "smoke@smartident.example",
    "LogRetentionDays": "1",
    "RequestRate": "20",
    "RequestBurst": "20",
    "Shift": "AllAtOnce",
}
CANARY = {"Shift": "Canary10Percent5Minutes"}
# This one dies at its start from then on; nobody needs it to sign in.
BROKEN = ("login_status.handler.handler", "login_status.handler.nobody")


class NotDeployed(Exception):  # noqa: N818  what happened
    """SAM did not deploy; it has said why."""


@dataclass
class Stack:
    """The one stack of a trial."""

    aws: Callable[[str], Any]
    build: Path
    sam: Path
    region: str
    run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
    url: str = ""

    def deploy(self) -> None:
        """Deploy it, and once more when CloudFront has told the address; raises NotDeployed."""
        self._deploy("template.yaml", PARAMETERS)
        self.url = self.outputs()["PagesUrl"]
        self._deploy("template.yaml", {**PARAMETERS, "PublicUrl": self.url})

    def start_broken(self) -> subprocess.Popen[bytes]:
        """Begin to deploy functions of which one dies, as a canary; SAM waits and fails by itself."""
        text = (self.build / "template.yaml").read_text(encoding="utf-8")
        if text.count(BROKEN[0]) != 1:
            raise NotDeployed(f"the template has no {BROKEN[0]} to break")
        (self.build / "broken.yaml").write_text(text.replace(*BROKEN), encoding="utf-8")
        command = self._command("broken.yaml", {**PARAMETERS, **CANARY, "PublicUrl": self.url})
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  SAM itself

    def status(self) -> str:
        """What CloudFormation says of it."""
        return str(self._described()["StackStatus"])

    def outputs(self) -> dict[str, str]:
        """Its outputs."""
        return {one["OutputKey"]: one["OutputValue"] for one in self._described()["Outputs"]}

    def resources(self) -> dict[str, str]:
        """What each of its resources is called."""
        pages = self.aws("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
        return {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for page in pages
            for one in page["StackResourceSummaries"]
        }

    def _described(self) -> dict[str, Any]:
        found: dict[str, Any] = self.aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        return found

    def _deploy(self, template: str, given: dict[str, str]) -> None:
        if self.run(self._command(template, given), stdin=subprocess.DEVNULL, check=False).returncode:
            raise NotDeployed("sam deploy failed: what it printed last says why")

    def _command(self, template: str, given: dict[str, str]) -> list[str]:
        parameters = effective(self.build / "template.yaml", given)
        parameters[RELEASE] = release(self.build, {**parameters, "Template": template})
        told = self.build.parent / "smoke.yaml"
        told.write_text(json.dumps(parameters), encoding="utf-8")
        options = ["--resolve-s3", "--s3-prefix", STACK, "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
        place = ["--stack-name", STACK, "--region", self.region, "--tags", "project=smartident stage=smoke"]
        named = ["--template-file", str(self.build / template), "--parameter-overrides", f"file://{told.resolve()}"]
        return [str(self.sam), "deploy", *named, *place, *options]
