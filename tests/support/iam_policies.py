"""IAM's decision over one AWS call, as far as the template's policies go: a denial counts before every permission.

DynamoDB tells IAM the partition key (`dynamodb:LeadingKeys`) and the top-level attributes that a request names, in an
item, an update, a condition or a projection (`dynamodb:Attributes`); each part of a transaction is decided by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Statement = dict[str, Any]
# Transactions need the permissions of what they are made of.
_PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_EXPRESSIONS = (
    "UpdateExpression",
    "ConditionExpression",
    "ProjectionExpression",
    "FilterExpression",
    "KeyConditionExpression",
)
# The first part of a path: neither a value nor a function, and nothing inside a map.
_PATH = re.compile(r"(?<![\w#:.])(#\w+|[A-Za-z_]\w*)(?![\w(])(?!\s*\()")
_WORDS = {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"}


@dataclass(frozen=True)
class Access:
    """One action that a call asks for, and what IAM is told of it."""

    action: str
    context: dict[str, tuple[str, ...]] = field(default_factory=dict)


def accesses(service: str, operation: str, arguments: Mapping[str, Any]) -> Iterator[Access]:
    """Every action that an AWS call asks for."""
    if service == "apigatewaymanagementapi":
        yield Access("execute-api:ManageConnections")
    elif operation == "TransactWriteItems":
        for item in arguments["TransactItems"]:
            for kind, asked in item.items():
                yield Access(f"{service}:{_PARTS[kind]}", _context(asked))
    elif service == "dynamodb":
        yield Access(f"{service}:{operation}", _context(arguments))
    elif operation == "SendEmail":
        yield Access("ses:SendEmail", {"ses:FromAddress": (arguments["FromEmailAddress"],)})
    elif operation == "Sign":
        yield Access("kms:Sign", {"kms:SigningAlgorithm": (arguments["SigningAlgorithm"],)})
    else:
        yield Access(f"{service}:{operation}")
    if "PhoneNumber" in arguments:
        yield Access("sms-voice:SendTextMessage", {"aws:CalledViaLast": ("sns.amazonaws.com",)})


def attributes(asked: Mapping[str, Any]) -> set[str]:
    """The top-level attributes that a request to DynamoDB names."""
    aliases = asked.get("ExpressionAttributeNames", {})
    paths = {path for name in _EXPRESSIONS for path in _PATH.findall(asked.get(name, ""))} - _WORDS
    named = {aliases.get(path, path) for path in paths}
    return named | set(asked.get("Item", ())) | set(asked.get("Key", ())) | set(asked.get("AttributesToGet", ()))


def partition(asked: Mapping[str, Any]) -> str | None:
    """The partition key that a request to DynamoDB names, or None."""
    key = asked.get("Key") or asked.get("Item") or {}
    if "pk" in key:
        return str(key["pk"]["S"])
    equal = re.search(r"(#?\w+) = (:\w+)", asked.get("KeyConditionExpression", ""))
    if equal and asked["ExpressionAttributeNames"].get(equal[1], equal[1]) == "pk":
        return str(asked["ExpressionAttributeValues"][equal[2]]["S"])
    return None


def decided(statements: Collection[Statement], access: Access) -> bool:
    """Whether these statements let the access pass."""
    fitting = [one["Effect"] for one in statements if _fits(one, access)]
    return "Deny" not in fitting and "Allow" in fitting


def actions(statement: Statement) -> list[str]:
    """The actions that a statement names."""
    named = statement["Action"]
    return [named] if isinstance(named, str) else list(named)


def _context(asked: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    keys, named = partition(asked), attributes(asked)
    told = {"dynamodb:LeadingKeys": (keys,) if keys else (), "dynamodb:Attributes": tuple(sorted(named))}
    return {key: values for key, values in told.items() if values}


def _fits(statement: Statement, access: Access) -> bool:
    conditions = statement.get("Condition", {})
    return any(fnmatchcase(access.action, one) for one in actions(statement)) and all(
        _holds(operator, access.context.get(key, ()), expected)
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


def _holds(operator: str, actual: Collection[str], expected: str | list[str]) -> bool:
    """A condition that any value of the key fulfils; a key that the request has not fulfils none."""
    patterns = [expected] if isinstance(expected, str) else expected
    if operator == "ForAnyValue:StringLike":
        return any(fnmatchcase(value, pattern) for value in actual for pattern in patterns)
    if operator in {"ForAnyValue:StringEquals", "StringEquals"}:
        return any(value in patterns for value in actual)
    raise AssertionError(f"nobody has written down what {operator} means")
