"""What a rotation must know of a stack: its signing keys, who reaches its last deployment, and its JWKS."""

from dataclasses import dataclass
from typing import Any

import httpx

from smartident.aws import client
from smartident.tokens.id_token import key_name
from smartident.tokens.jwks import MAX_AGE
from smartident_cli.deployment import LIVE, Deployment
from smartident_cli.doctor.health_checks import ask
from smartident_cli.key.rotation import SigningKey

PARAMETER, RSA_PARAMETER = "SigningKeyOrder", "RsaSigningKeys"
RESOURCES = {"first": "SigningKey", "second": "SecondSigningKey"}
"""The logical ids of the two keys in template.yaml."""
SIGNING, PUBLISHING = "Complete", "SigningKeys"
"""The functions that sign with the keys, and that publish them."""
DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


@dataclass(frozen=True)
class KeyStack:
    """The signing keys of a stack, the first of which signs, and what is in the way of the next step, if anything."""

    order: str
    keys: tuple[SigningKey, ...]
    deployed_at: int
    max_age: int
    obstacle: str | None = None
    # By their kid: the keys for the clients that get RS256, the signing one first.
    rsa_kids: tuple[str, ...] = ()


def look_at(deployment: Deployment) -> KeyStack:
    """Look at the stack and at the JWKS that its service answers."""
    cloudformation = client("cloudformation")
    described = cloudformation.describe_stacks(StackName=deployment.name)["Stacks"][0]
    order = _parameter(described)
    identifiers = {slot: _physical(deployment.name, RESOURCES[slot]) for slot in order.split(",")}
    keys = tuple(_key(slot, identifier) for slot, identifier in identifiers.items())
    kids, max_age = _published(deployment)
    obstacle = None
    if described["StackStatus"] not in DONE:
        obstacle = "rotation_deploying"
    elif not all(_reached(deployment.name, function, keys) for function in (SIGNING, PUBLISHING)):
        obstacle = "rotation_not_everybody"
    elif not {key.kid for key in keys} <= kids:
        obstacle = "rotation_unpublished"
    return KeyStack(order, keys, _finished_at(described), max(max_age, MAX_AGE), obstacle, _rsa_kids(described))


def _parameter(described: dict[str, Any]) -> str:
    return str(_given(described)[PARAMETER])


def _rsa_kids(described: dict[str, Any]) -> tuple[str, ...]:
    arns = _given(described).get(RSA_PARAMETER, "").split(",")
    return tuple(key_name(arn.strip()) for arn in arns if arn.strip())


def _given(described: dict[str, Any]) -> dict[str, str]:
    return {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", [])}


def _physical(stack: str, logical_id: str) -> str:
    resource = client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
    return str(resource["StackResourceDetail"]["PhysicalResourceId"])


def _key(slot: str, identifier: str) -> SigningKey:
    made = client("kms").describe_key(KeyId=identifier)["KeyMetadata"]
    return SigningKey(slot, key_name(made["Arn"]), int(made["CreationDate"].timestamp()))


def _finished_at(described: dict[str, Any]) -> int:
    """When the last deployment was done, its shift included. CloudFormation forgets its events after 90 days."""
    stack = described["StackId"]
    events = client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    began = described.get("LastUpdatedTime", described["CreationTime"])
    done = (one["Timestamp"] for one in events if one["PhysicalResourceId"] == stack)
    return int(max([began, *done]).timestamp())


def _reached(stack: str, logical_id: str, keys: tuple[SigningKey, ...]) -> bool:
    """Whether all callers of a function meet a version that has these keys in this order."""
    functions, function = client("lambda"), _physical(stack, logical_id)
    alias = functions.get_alias(FunctionName=function, Name=LIVE)
    if alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"):
        return False
    live = functions.get_function_configuration(FunctionName=function, Qualifier=LIVE)
    told = live["Environment"]["Variables"]["SIGNING_KEYS"].split(",")
    return [key_name(arn) for arn in told] == [key.kid for key in keys]


def _published(deployment: Deployment) -> tuple[set[str], int]:
    """The `kid`s of the JWKS that the service answers, and how long it may be kept; none if it answers no JWKS."""
    try:
        answer = ask(deployment, "GET", "/.well-known/jwks.json")
        kids = {str(key["kid"]) for key in answer.json()["keys"]}
    except (httpx.TransportError, ValueError, KeyError, TypeError):
        return set(), 0
    age = answer.headers.get("Cache-Control", "").rpartition("max-age=")[2]
    return kids, int(age) if age.isdecimal() else 0
