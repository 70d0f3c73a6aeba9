"""What the story itself shows on AWS, and what IAM and the logs say of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labs.smoke.verdicts import Failed, NotAsked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labs.smoke.world import World

LOG_TRIES, LOG_PAUSE = 12, 5
ALLOWED, DENIED = "allowed", "explicitDeny"
SIGN, ALGORITHM = "kms:Sign", "kms:SigningAlgorithm"
OUR_ALGORITHM, OTHER_ALGORITHM = "ECDSA_SHA_256", "RSASSA_PSS_SHA_256"
SIGNER = "CompleteRole"
# No partition and no attribute of the table is called so.
ELSEWHERE = "elsewhere"


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
    statements = list(_statements(world, SIGNER))
    key = next(_all(one["Resource"])[0] for one in statements if _is_allowed(SIGN, one))
    if _decision(world, SIGNER, SIGN, key, {ALGORITHM: OTHER_ALGORITHM}) == ALLOWED:
        raise Failed(f"the role may sign by {OTHER_ALGORITHM}")
    if _decision(world, SIGNER, SIGN, key, {ALGORITHM: OUR_ALGORITHM}) != ALLOWED:
        raise Failed(f"the simulator denies what the role has just done: {SIGN} by {OUR_ALGORITHM}")


def fine_grained_rights(world: World) -> None:
    """IAM's own simulator denies what each condition of a role denies, and allows the same elsewhere in the table."""
    asked = 0
    for role in sorted(name for name in world.resources if name.endswith("Role")):
        statements = list(_statements(world, role))
        for denial in (one for one in statements if one["Effect"] == "Deny" and "Condition" in one):
            asked += 1
            _check_denial(world, role, denial, statements)
    if not asked:
        raise NotAsked("no role of the stack has such a condition")


def _check_denial(world: World, role: str, denial: dict[str, Any], statements: list[dict[str, Any]]) -> None:
    """Ask for one value of a denial's condition, and for one that it does not name; raises Failed."""
    ((key, values),) = next(iter(denial["Condition"].values())).items()
    table, value = _all(denial["Resource"])[0], _all(values)[0].replace("*", "x")
    possible = [one for each in statements if each["Effect"] == "Allow" for one in _all(each["Action"])]
    action = next((one for one in possible if _is_about(one, denial)), None)
    if action is None:
        return
    decided = _decision(world, role, action, table, {key: value})
    if decided != DENIED:
        raise Failed(f"{role} may {action} where {key} is {value}: {decided}")
    decided = _decision(world, role, action, table, {key: ELSEWHERE})
    if decided != ALLOWED:
        raise Failed(f"{role} may not {action} where {key} is {ELSEWHERE}: {decided}")


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


def _all(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told


def _is_allowed(action: str, statement: dict[str, Any]) -> bool:
    return statement["Effect"] == "Allow" and action in _all(statement["Action"])


def _is_about(action: str, denial: dict[str, Any]) -> bool:
    """Whether a denial takes this action of the table away; Lambda itself reads the stream, at another resource."""
    named = _all(denial["Action"])
    of_stream = action.endswith(("Records", "Iterator", "Stream", "Streams"))
    return action in named or (f"{action.partition(':')[0]}:*" in named and not of_stream)


def _statements(world: World, role: str) -> Iterator[dict[str, Any]]:
    iam, name = world.aws("iam"), world.resources[role]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        yield from (json.loads(document) if isinstance(document, str) else document)["Statement"]


def _decision(world: World, role: str, action: str, resource: str, context: dict[str, str]) -> str:
    """What IAM would decide, were the role to ask this of the resource."""
    iam = world.aws("iam")
    arn = iam.get_role(RoleName=world.resources[role])["Role"]["Arn"]
    entries = [
        {
            "ContextKeyName": key,
            "ContextKeyValues": [value],
            "ContextKeyType": "stringList" if key.startswith("dynamodb:") else "string",
        }
        for key, value in context.items()
    ]
    asked = {"PolicySourceArn": arn, "ActionNames": [action], "ResourceArns": [resource], "ContextEntries": entries}
    return str(iam.simulate_principal_policy(**asked)["EvaluationResults"][0]["EvalDecision"])
