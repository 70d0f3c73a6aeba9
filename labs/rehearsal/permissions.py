"""Permissions of the functions' roles: what the template gave, and one of them taken away."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labs.rehearsal.deployment import Deployment


def granted(deployment: Deployment, function: str) -> set[str]:
    """The actions that a function's own policies allow."""
    iam, role = deployment.stand_in.client("iam"), deployment.role(function)
    documents = [_document(iam, role, name) for name in iam.list_role_policies(RoleName=role)["PolicyNames"]]
    allowing = [one for document in documents for one in document["Statement"] if one["Effect"] == "Allow"]
    return {action for statement in allowing for action in _actions(statement)}


class NotGranted(Exception):  # noqa: N818  what was found
    """The function never had the permission that was to be taken away."""


@contextmanager
def withheld(deployment: Deployment, function: str, action: str) -> Iterator[None]:
    """Take one action from one function's role for as long as the block runs; raises NotGranted."""
    iam = deployment.stand_in.client("iam")
    role = deployment.role(function)
    before = {name: _document(iam, role, name) for name in iam.list_role_policies(RoleName=role)["PolicyNames"]}
    if action not in granted(deployment, function):
        raise NotGranted(f"{function} has no {action}")
    without = {name: _without(document, action) for name, document in before.items()}
    try:
        _put(iam, role, without)
        yield
    finally:
        _put(iam, role, before)


def _document(iam: Any, role: str, policy: str) -> dict[str, Any]:
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    found: dict[str, Any] = json.loads(document) if isinstance(document, str) else document
    return found


def _put(iam: Any, role: str, policies: dict[str, dict[str, Any]]) -> None:
    for name, document in policies.items():
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def _without(document: dict[str, Any], action: str) -> dict[str, Any]:
    statements = []
    for statement in document["Statement"]:
        if statement["Effect"] == "Deny":
            statements.append(statement)
            continue
        left = [kept for kept in _actions(statement) if kept != action]
        # A statement without actions is none; a denial keeps the policy well-formed where nothing else is left.
        statements.append({**statement, "Action": left} if left else {**statement, "Effect": "Deny"})
    return {**document, "Statement": statements}


def _actions(statement: dict[str, Any]) -> list[str]:
    return statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
