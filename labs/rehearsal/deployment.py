"""The deployment: artifacts to a bucket, the template to CloudFormation, and what came of it."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED

from labs.rehearsal.stack_template import adapted
from labs.rehearsal.stand_in import REGION, StandInFailed
from tools.package import zipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from labs.rehearsal.stand_in import StandIn

STACK = "smartident-rehearsal"
TEMPLATES = "templates"
# The alias that callers reach functions by.
LIVE = "live"
PATIENCE = 90


@dataclass(frozen=True)
class Deployment:
    """The deployed stack: the template that made it, and what each of its resources is called."""

    stand_in: StandIn
    template: dict[str, Any]
    resources: dict[str, str]

    @property
    def functions(self) -> list[str]:
        """The functions of the template."""
        kinds = {name: one["Type"] for name, one in self.template["Resources"].items()}
        return sorted(name for name, kind in kinds.items() if kind == "AWS::Lambda::Function")

    def environment(self, function: str) -> dict[str, str]:
        """The environment of the version of a function that callers meet."""
        configuration = self._configuration(function)
        return dict(configuration["Environment"]["Variables"])

    def role(self, function: str) -> str:
        """The name of the role that a function runs under."""
        return str(self._configuration(function)["Role"]).rpartition("/")[2]

    def live_versions(self) -> dict[str, str]:
        """The version of each function that callers meet."""
        client = self.stand_in.client("lambda")
        return {
            name: str(client.get_alias(FunctionName=self.resources[name], Name=LIVE)["FunctionVersion"])
            for name in self.functions
        }

    def reach(self, versions: Mapping[str, str]) -> None:
        """Let callers meet these versions of functions."""
        client = self.stand_in.client("lambda")
        for name, version in versions.items():
            client.update_alias(FunctionName=self.resources[name], Name=LIVE, FunctionVersion=version)

    @contextmanager
    def fresh(self, function: str) -> Iterator[None]:
        """Let callers meet a version of a function that has read nothing yet, for as long as the block runs."""
        client, name = self.stand_in.client("lambda"), self.resources[function]
        before = self.live_versions()[function]
        client.update_function_configuration(FunctionName=name, Description=f"as version {before}, {time.time_ns()}")
        version = str(client.publish_version(FunctionName=name)["Version"])
        try:
            self.reach({function: version})
            yield
        finally:
            self.reach({function: before})
            client.delete_function(FunctionName=name, Qualifier=version)

    def complaints(self) -> list[str]:
        """What the functions logged beyond their requests: refusals, faults and starts that failed."""
        return [line for line in self.lines() if any(word in line for word in ('"refusal"', '"fault"', "Error"))]

    def lines(self, since: int = 0) -> list[str]:
        """What the functions logged since this millisecond."""
        logs = self.stand_in.client("logs")
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        return [
            str(event["message"])
            for name in groups
            for event in logs.filter_log_events(logGroupName=name, startTime=since)["events"]
        ]

    def routes(self, api: str) -> dict[str, str]:
        """The routes of an API, each with its function."""
        client, id_ = self.stand_in.client("apigatewayv2"), self.resources[api]
        behind = {one["IntegrationId"]: one["IntegrationUri"] for one in client.get_integrations(ApiId=id_)["Items"]}
        names = {self.resources[function]: function for function in self.functions}
        found = {}
        for route in client.get_routes(ApiId=id_)["Items"]:
            uri = behind[route["Target"].rpartition("/")[2]]
            found[route["RouteKey"]] = next(function for name, function in names.items() if f":{name}:" in uri)
        return found

    def called(self) -> set[str]:
        """The functions whose routes answered so far, and those of the WebSocket and the stream, which log none."""
        told = [json.loads(line) for line in self.lines() if '"route"' in line]
        routes, asked = self.routes("HttpApi"), {one.get("route") for one in told}
        answered = {routes[key] for key in routes if key in asked}
        return answered | set(self.routes("WebSocketApi").values()) | self.behind_stream()

    def behind_stream(self) -> set[str]:
        """The functions that the table's stream calls, and the queues behind it."""
        mappings = self.stand_in.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        called = {one["FunctionArn"].split(":function:")[1].partition(":")[0] for one in mappings}
        return {name for name in self.functions if self.resources[name] in called}

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
    return Deployment(stand_in, template, _resources(cloudformation))


def deploy_again(deployment: Deployment, template: dict[str, Any], parameters: dict[str, str]) -> Deployment:
    """Deploy the next release over the one that is there, which is what comes back; raises StandInFailed."""
    cloudformation = deployment.stand_in.client("cloudformation")
    cloudformation.update_stack(**_stack(deployment.stand_in, template, parameters))
    _wait_until(cloudformation, "UPDATE_COMPLETE")
    return Deployment(deployment.stand_in, template, _resources(cloudformation))


def _resources(cloudformation: Any) -> dict[str, str]:
    described = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return {entry["LogicalResourceId"]: entry["PhysicalResourceId"] for entry in described}


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
