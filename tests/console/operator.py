"""An operator at the terminal, in front of a stack on moto whose functions have the world's settings."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import boto3
from typer.testing import CliRunner, Result

from console.main import app
from smartident.settings import Settings
from tests.world import URL

STACK = "smartident-test"
ROLE = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}


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
            "Resources": {
                "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": ROLE}},
                "Login": {"Type": "AWS::Lambda::Function", "Properties": function},
            },
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }
    )


@cache
def furnish(settings: tuple[tuple[str, str], ...]) -> str:
    """A stack with these settings, once a process; tells its name."""
    client: Any = boto3.client("cloudformation")
    name = f"{STACK}-{abs(hash(settings))}"
    client.create_stack(StackName=name, TemplateBody=template(dict(settings), {"HttpApiUrl": URL}))
    return name


@dataclass
class Operator:
    """Types commands; `--stack` stands in the environment."""

    def __call__(self, *words: str, typed: str = "", **changes: str) -> Result:
        names = [field.name.upper() for field in fields(Settings)]
        settings = {name: os.environ[name] for name in names if os.environ[name]} | changes
        stack = furnish(tuple(sorted(settings.items())))
        runner = CliRunner(env={"SMARTIDENT_STACK": stack, "COLUMNS": "200", "SMARTIDENT_LANGUAGE": "de"})
        return runner.invoke(app, list(words), input=typed)
