"""A stack on moto with two signing keys, in the state that a deployment of a rotation has left."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends
from typer.testing import CliRunner, Result

from smartident.settings import Settings
from smartident.tokens.jwks import MAX_AGE
from smartident_cli.deployment import LIVE
from smartident_cli.main import app
from tests.cli.operator import template
from tests.support.world import URL

if TYPE_CHECKING:
    from tests.support.fake_aws import Aws

STACK = "smartident-keys"
STACK_ID = f"arn:aws:cloudformation:eu-central-1:{DEFAULT_ACCOUNT_ID}:stack/{STACK}/1"
FUNCTIONS = ("Login", "Complete", "SigningKeys")
KEYS = {"first": "SigningKey", "second": "SecondSigningKey"}


@cache
def resources() -> dict[str, str]:
    """The physical ids of the stack, which is made once a process, before anything is told of it."""
    paper = json.loads(template({}, {}))
    function = paper["Resources"].pop("Login")
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}}
    paper["Resources"] |= dict.fromkeys(FUNCTIONS, function) | dict.fromkeys(KEYS.values(), key)
    del paper["Outputs"]
    client: Any = boto3.client("cloudformation")
    client.create_stack(StackName=STACK, TemplateBody=json.dumps(paper))
    described = client.describe_stack_resources(StackName=STACK)["StackResources"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in described}


def moment(at: int) -> datetime:
    """A time as AWS's answers bear it."""
    return datetime.fromtimestamp(at, UTC)


@dataclass
class RotatingStack:
    """What `smartident key rotate` looks at; each part can be made to differ from the others."""

    aws: Aws
    jwks: httpx.Response = field(default_factory=lambda: httpx.Response(503))

    def deployed(self, order: str, *, at: int, status: str = "UPDATE_COMPLETE") -> None:
        """A deployment of this order is done: everybody reaches it, and the JWKS contains its keys."""
        self.describes(order, at=at, status=status)
        self.reaches(*order.split(","))
        self.serves(*order.split(","))

    def describes(self, order: str, *, at: int, status: str) -> None:
        """CloudFormation says so, and that it began a quarter of an hour before."""
        stack = {
            "StackName": STACK,
            "StackId": STACK_ID,
            "StackStatus": status,
            "CreationTime": moment(0),
            "LastUpdatedTime": moment(at - 900),
            "Parameters": [{"ParameterKey": "SigningKeyOrder", "ParameterValue": order}],
            "Outputs": [{"OutputKey": "HttpApiUrl", "OutputValue": URL}],
        }
        events = [("other", at + 1), (STACK_ID, at), (STACK_ID, at - 900)]
        told = [{"PhysicalResourceId": one, "Timestamp": moment(when)} for one, when in events]
        resources()
        self.aws.tells("DescribeStacks", {"Stacks": [stack]})
        self.aws.tells("DescribeStackEvents", {"StackEvents": told})

    def made(self, **at: int) -> None:
        """KMS made the keys at these times."""
        for slot, when in at.items():
            keys = kms_backends[DEFAULT_ACCOUNT_ID][os.environ["AWS_DEFAULT_REGION"]].keys
            keys[self.kid(slot)].creation_date = when

    def reaches(self, *slots: str) -> None:
        """Everybody reaches versions that have these keys, in this order."""
        client: Any = boto3.client("lambda")
        prefix = f"arn:aws:kms:{os.environ['AWS_DEFAULT_REGION']}:{DEFAULT_ACCOUNT_ID}:key/"
        settings = {one.name.upper(): os.environ[one.name.upper()] for one in fields(Settings)}
        settings |= {"SIGNING_KEYS": ",".join(prefix + self.kid(slot) for slot in slots), "API_URL": URL}
        for name in (resources()[function] for function in FUNCTIONS):
            client.update_function_configuration(FunctionName=name, Environment={"Variables": settings})
            version = client.publish_version(FunctionName=name)["Version"]
            with suppress(client.exceptions.ResourceNotFoundException):
                client.delete_alias(FunctionName=name, Name=LIVE)
            client.create_alias(FunctionName=name, Name=LIVE, FunctionVersion=version)

    def shifts(self, function: str) -> None:
        """A tenth of the callers of a function reach another version."""
        client: Any = boto3.client("lambda")
        weights = {"AdditionalVersionWeights": {"1": 0.1}}
        client.update_alias(FunctionName=resources()[function], Name=LIVE, RoutingConfig=weights)

    def serves(self, *slots: str, max_age: int = MAX_AGE) -> None:
        """The service answers a JWKS with these keys."""
        body = {"keys": [{"kid": self.kid(slot)} for slot in slots]}
        self.jwks = httpx.Response(200, json=body, headers={"Cache-Control": f"public, max-age={max_age}"})

    def kid(self, slot: str) -> str:
        """The `kid` of one of the two keys."""
        return resources()[KEYS[slot]]

    def __call__(self, *words: str, language: str = "de") -> Result:
        """Type the command."""
        environment = {"SMARTIDENT_STACK": STACK, "COLUMNS": "200", "SMARTIDENT_LANGUAGE": language}
        return CliRunner(env=environment).invoke(app, ["key", "rotate", *words])
