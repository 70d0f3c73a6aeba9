"""`make tidy`: old versions go; what callers reach, what a rollback needs and what a running deploy made stay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.cli.operator import ROLE
from tools.tidy import Deploying, functions, main, old

if TYPE_CHECKING:
    from tests.support.fake_aws import Aws

REGION = "eu-central-1"


@pytest.mark.parametrize(
    ("versions", "reached", "gone"),
    [
        ({1, 2, 3}, {3}, []),
        ({1, 2, 3, 4, 5, 6}, {6}, [1, 2, 3]),
        ({1, 2, 3, 4, 5, 6}, {2}, [3]),
        ({1, 5, 9, 12, 13, 14, 15}, {12}, [1, 5]),
        ({2, 3, 4, 5, 6}, {3, 6}, []),
        ({2, 3, 4, 5}, {2}, []),
        (set(), set(), []),
    ],
    ids=["few", "many", "taken back", "numbers with gaps", "a shift", "nothing before", "none"],
)
def test_old_is_what_neither_callers_nor_a_rollback_need(
    versions: set[int], reached: set[int], gone: list[int]
) -> None:
    assert old(versions, reached, 3) == gone


@pytest.fixture
def stack(cloud: Aws, request: pytest.FixtureRequest) -> str:
    """A stack with one function, whose six releases left six versions; callers reach the last but one."""
    function = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "pass"},
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": ROLE}},
        "Login": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Topic": {"Type": "AWS::SNS::Topic"},
    }
    name = f"tidy-{abs(hash(request.node.name))}"
    boto3.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
    client: Any = boto3.client("lambda")
    for release in range(6):
        client.update_function_configuration(FunctionName=login(name), Description=f"release {release}")
        client.publish_version(FunctionName=login(name))
    client.create_alias(FunctionName=login(name), Name="live", FunctionVersion="5")
    return name


def login(stack: str) -> str:
    described = boto3.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId="Login")
    return str(described["StackResourceDetail"]["PhysicalResourceId"])


def left(stack: str) -> list[str]:
    client: Any = boto3.client("lambda")
    return [one["Version"] for one in client.list_versions_by_function(FunctionName=login(stack))["Versions"]]


def test_every_function_keeps_its_newest_versions_and_the_code_that_is_edited(
    stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(stack, REGION, 3) == 0
    assert left(stack) == ["$LATEST", "4", "5", "6"]
    assert capsys.readouterr().out == f"{login(stack)}: 3 old versions deleted\n"
    assert main(stack, REGION, 3) == 0
    assert left(stack) == ["$LATEST", "4", "5", "6"]


def test_callers_reach_what_they_reached(stack: str) -> None:
    client: Any = boto3.client("lambda")
    shift = {"AdditionalVersionWeights": {"3": 0.1}}
    client.update_alias(FunctionName=login(stack), Name="live", FunctionVersion="2", RoutingConfig=shift)
    assert main(stack, REGION, 1) == 0
    assert left(stack) == ["$LATEST", "1", "2", "3", "6"]


def test_while_a_deploy_runs_nothing_is_deleted(stack: str, cloud: Aws, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.tells("DescribeStacks", {"Stacks": [{"StackStatus": "UPDATE_IN_PROGRESS"}]})
    assert main(stack, REGION, 3) == 1
    assert "UPDATE_IN_PROGRESS" in capsys.readouterr().out
    with pytest.raises(Deploying):
        list(functions(stack, cloudformation=boto3.client("cloudformation")))
    cloud.clear()
    assert len(left(stack)) == 7
