"""An operator at the terminal, in front of a stack on moto whose functions have the world's settings."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import boto3
from typer.testing import CliRunner, Result

from smartident.settings import Settings
from smartident_cli.deployment import FUNCTION, LIVE
from smartident_cli.main import app
from smartident_cli.notices.command import LOGOUTS, NOTICES
from tests.support.world import URL

STACK = "smartident-test"
ROLE = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}

# Parameters of the stack, by the setting that says them.
GIVEN = {"NoticeSender": "NOTICE_SENDER", "PushHosts": "PUSH_HOSTS", "PublicUrl": "PUBLIC_URL"}
GIVEN |= {"PasskeyRpId": "PASSKEY_RP_ID", "SyncedPasskeys": "SYNCED_PASSKEYS"}


def template(environment: dict[str, str], outputs: dict[str, str]) -> str:
    function = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "pass"},
        "Environment": {"Variables": {**environment, "POWERTOOLS_SERVICE_NAME": "smartident"}},
    }
    return json.dumps(
        {
            "Parameters": {
                "SmsMonthlyLimit": {"Type": "Number", "Default": 1},
                **{name: {"Type": "String", "Default": ""} for name in GIVEN},
            },
            "Resources": {
                "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": ROLE}},
                FUNCTION: {"Type": "AWS::Lambda::Function", "Properties": function},
                **{name: {"Type": "AWS::SQS::Queue"} for name in (NOTICES, LOGOUTS)},
            },
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }
    )


@cache
def provision(settings: tuple[tuple[str, str], ...]) -> str:
    """A stack with these settings, once a process; tells its name."""
    client: Any = boto3.client("cloudformation")
    name = f"{STACK}-{abs(hash(settings))}"
    body = template(dict(settings), {"HttpApiUrl": URL})
    given = [
        {"ParameterKey": "SmsMonthlyLimit", "ParameterValue": "3000"},
        *({"ParameterKey": name, "ParameterValue": dict(settings).get(key, "")} for name, key in GIVEN.items()),
    ]
    client.create_stack(StackName=name, TemplateBody=body, Parameters=given)
    publish(name)
    return name


def function_of(stack: str) -> str:
    """The function of a stack."""
    client: Any = boto3.client("cloudformation")
    described = client.describe_stack_resource(StackName=stack, LogicalResourceId=FUNCTION)
    return str(described["StackResourceDetail"]["PhysicalResourceId"])


def publish(stack: str) -> None:
    """Let callers of a stack reach its function as it is now."""
    client: Any = boto3.client("lambda")
    version = client.publish_version(FunctionName=function_of(stack))["Version"]
    client.create_alias(FunctionName=function_of(stack), Name=LIVE, FunctionVersion=version)


@dataclass
class Operator:
    """Types commands; `--stack` stands in the environment."""

    def stack(self, **changes: str) -> str:
        """The stack that the commands work on when these settings differ from the world's."""
        names = [field.name.upper() for field in fields(Settings)]
        settings = {name: os.environ[name] for name in names if os.environ[name]} | changes
        return provision(tuple(sorted(settings.items())))

    def __call__(self, *words: str, typed: str | bytes = "", **changes: str) -> Result:
        stack = self.stack(**changes)
        runner = CliRunner(env={"SMARTIDENT_STACK": stack, "COLUMNS": "200", "SMARTIDENT_LANGUAGE": "de"})
        return runner.invoke(app, list(words), input=typed)
