"""What the story itself shows on AWS, and what IAM and the logs say of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labs.smoke.verdicts import Failed, NotAsked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labs.smoke.world import World

LOG_TRIES, LOG_PAUSE = 12, 5
ALLOWED = "allowed"
OTHER_ALGORITHM = "RSASSA_PSS_SHA_256"
SIGNER = "CompleteRole"


def sms_handed_on(world: World) -> None:
    """The person read the code on the phone and typed it."""
    if not world.story.code_typed:
        raise Failed(f"nobody typed the code of an SMS: {world.story.differed}")


def person_told(world: World) -> None:
    """Within a minute the notice of the new phone is sent, by SMS: the account has no other way."""
    if not world.story.code_typed:
        raise NotAsked(f"there is no new phone: {world.story.differed}")
    for _ in range(LOG_TRIES):
        if _lines(world, "FunctionLogs", '{ $.event = "notice_sent" }'):
            return
        world.pause(LOG_PAUSE)
    raise Failed("no notice was sent")


def signing_algorithm(world: World) -> None:
    """The session was signed and verified; the same role may not sign by another algorithm."""
    if world.story.ending is None:
        raise Failed(f"nobody was signed in: {world.story.differed}")
    decided = _decision(world, SIGNER, "kms:Sign", "kms:SigningAlgorithm", OTHER_ALGORITHM)
    if decided == ALLOWED:
        raise Failed(f"the role may sign by {OTHER_ALGORITHM}")


def fine_grained_rights(world: World) -> None:
    """IAM's own simulator denies what the roles' conditions deny, and allows the same without that partition."""
    asked = 0
    for role in sorted(name for name in world.resources if name.endswith("Role")):
        for action, key, value in _conditions(world, role):
            asked += 1
            if _decision(world, role, action, key, value) == ALLOWED:
                raise Failed(f"{role} may {action} where {key} is {value}")
    if not asked:
        raise NotAsked("no role of the stack has such a condition")


def logs_arrive(world: World) -> None:
    """Both logs have lines, within a minute."""
    missing = ["FunctionLogs", "HttpLogs"]
    for _ in range(LOG_TRIES):
        missing = [name for name in missing if not _lines(world, name)]
        if not missing:
            return
        world.pause(LOG_PAUSE)
    raise Failed(f"no line arrived in {' and '.join(missing)}")


def _lines(world: World, group: str, pattern: str = "") -> list[Any]:
    logs, name = world.aws("logs"), world.resources[group]
    found: list[Any] = logs.filter_log_events(logGroupName=name, limit=1, filterPattern=pattern)["events"]
    return found


def _conditions(world: World, role: str) -> Iterator[tuple[str, str, str]]:
    """Action, key and a value for each denial of a role that has a condition on the table."""
    for statement in _statements(world, role):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if statement["Effect"] != "Deny":
            continue
        for keys in statement.get("Condition", {}).values():
            for key, values in keys.items():
                for value in [values] if isinstance(values, str) else values:
                    yield actions[0].replace("dynamodb:*", "dynamodb:GetItem"), key, value.replace("*", "x")


def _statements(world: World, role: str) -> Iterator[dict[str, Any]]:
    iam, name = world.aws("iam"), world.resources[role]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        yield from (json.loads(document) if isinstance(document, str) else document)["Statement"]


def _decision(world: World, role: str, action: str, key: str, value: str) -> str:
    """What IAM would decide, were the role to ask."""
    iam = world.aws("iam")
    arn = iam.get_role(RoleName=world.resources[role])["Role"]["Arn"]
    kind = "stringList" if key.startswith("dynamodb:") else "string"
    context = [{"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": kind}]
    found = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], ContextEntries=context)
    return str(found["EvaluationResults"][0]["EvalDecision"])
