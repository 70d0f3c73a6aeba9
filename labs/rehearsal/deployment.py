"""The deployment: artifacts to a bucket, the template to CloudFormation, and what came of it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED

from labs.rehearsal.stack_template import adapted
from labs.rehearsal.stand_in import REGION, StandInFailed
from tools.package import zipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from labs.rehearsal.stand_in import StandIn

STACK = "smartident-rehearsal"
TEMPLATES = "templates"
# The alias that callers reach functions by.
LIVE = "live"
PATIENCE = 90


@dataclass(frozen=True)
class Deployment:
    """The deployed stack."""

    stand_in: StandIn
    resources: dict[str, str]

    def environment(self, function: str) -> dict[str, str]:
        """The environment of the version of a function that callers meet."""
        configuration = self._configuration(function)
        return dict(configuration["Environment"]["Variables"])

    def role(self, function: str) -> str:
        """The name of the role that a function runs under."""
        return str(self._configuration(function)["Role"]).rpartition("/")[2]

    def live_versions(self, functions: Sequence[str]) -> dict[str, str]:
        """The version of each function that callers meet."""
        client = self.stand_in.client("lambda")
        return {
            name: str(client.get_alias(FunctionName=self.resources[name], Name=LIVE)["FunctionVersion"])
            for name in functions
        }

    def reach(self, versions: Mapping[str, str]) -> None:
        """Let callers meet these versions of functions."""
        client = self.stand_in.client("lambda")
        for name, version in versions.items():
            client.update_alias(FunctionName=self.resources[name], Name=LIVE, FunctionVersion=version)

    def complaints(self) -> list[str]:
        """What the functions logged beyond their requests: refusals, faults and starts that failed."""
        logs = self.stand_in.client("logs")
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        lines = [event["message"] for name in groups for event in logs.filter_log_events(logGroupName=name)["events"]]
        return [line for line in lines if any(word in line for word in ('"refusal"', '"fault"', "Error"))]

    def faults(self) -> int:
        """How many lines the metric of the alarm Faults has counted so far."""
        return sum('"message":"fault"' in line.replace(" ", "") for line in self.complaints())

    def _configuration(self, function: str) -> dict[str, Any]:
        found: dict[str, Any] = self.stand_in.client("lambda").get_function_configuration(
            FunctionName=self.resources[function], Qualifier=LIVE
        )
        return found


def deploy(stand_in: StandIn, template: dict[str, Any], artifacts: Path, parameters: dict[str, str]) -> Deployment:
    """Deploy a built and translated template; raises StandInFailed with the stack's own words."""
    _upload(stand_in, template, artifacts)
    stand_in.client("s3").create_bucket(Bucket=TEMPLATES, CreateBucketConfiguration={"LocationConstraint": REGION})
    cloudformation = stand_in.client("cloudformation")
    cloudformation.create_stack(**_stack(stand_in, template, parameters))
    _wait_until(cloudformation, "CREATE_COMPLETE")
    described = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return Deployment(stand_in, {entry["LogicalResourceId"]: entry["PhysicalResourceId"] for entry in described})


def deploy_again(deployment: Deployment, template: dict[str, Any], parameters: dict[str, str]) -> None:
    """Deploy the next release over the one that is there; raises StandInFailed."""
    cloudformation = deployment.stand_in.client("cloudformation")
    cloudformation.update_stack(**_stack(deployment.stand_in, template, parameters))
    _wait_until(cloudformation, "UPDATE_COMPLETE")


def _stack(stand_in: StandIn, template: dict[str, Any], parameters: dict[str, str]) -> dict[str, Any]:
    key, body = f"{parameters['Release']}.json", json.dumps(adapted(template, origin=stand_in.url))
    stand_in.client("s3").put_object(Bucket=TEMPLATES, Key=key, Body=body)
    return {
        "StackName": STACK,
        "TemplateURL": f"{stand_in.url}/{TEMPLATES}/{key}",
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM"],
    }


def _upload(stand_in: StandIn, template: dict[str, Any], artifacts: Path) -> None:
    """Put every function's own artifact where the template says that it is."""
    s3 = stand_in.client("s3")
    functions = {
        name: resource["Properties"]["Code"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    for bucket in {code["S3Bucket"] for code in functions.values()}:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    # Stored, because it stays on this machine.
    for name, code in functions.items():
        s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=zipped(artifacts / name, ZIP_STORED))


def _wait_until(cloudformation: Any, wanted: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
        if status == wanted:
            return
        if not status.endswith("IN_PROGRESS"):
            events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
            reasons = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
                for event in events
                if event["ResourceStatus"].endswith("FAILED")
            ]
            raise StandInFailed("\n".join([status, *reasons]))
        time.sleep(0.1)
    raise StandInFailed(f"the stack was not {wanted} within {PATIENCE} s")
