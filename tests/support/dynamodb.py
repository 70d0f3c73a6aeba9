"""Moto's DynamoDB behind its door: what it lacks of the real one, and its table laid down as it was before."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler

if TYPE_CHECKING:
    import pytest

Items = dict[Any, dict[Any, Any]]


def honour_request_tokens(patch: pytest.MonkeyPatch) -> None:
    """Answer a repeated TransactWriteItems as the first time (ClientRequestToken; AWS keeps it for ten minutes)."""
    plain, done = DynamoHandler.transact_write_items, dict[str, list[Any]]()

    def once(self: DynamoHandler) -> ActionResult:
        token, items = self.body["ClientRequestToken"], self.body["TransactItems"]
        if token in done:
            assert done[token] == items, "IdempotentParameterMismatchException"
            return ActionResult({})
        result = plain(self)
        done[token] = items
        return result

    patch.setattr(DynamoHandler, "transact_write_items", once)


def has_table(name: str) -> bool:
    """Whether there is such a table."""
    return name in _tables()


def items_of(name: str) -> Items:
    """Everything in a table, as it is now."""
    return {place: copy.deepcopy(partition) for place, partition in _tables()[name].items.items() if partition}


def lay_down(name: str, items: Items) -> None:
    """Let a table hold these items and no others."""
    _tables()[name].items = defaultdict(dict, copy.deepcopy(items))


def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].tables
    return tables
