"""What DynamoDB does and moto does not: a transaction whose token it has seen is not carried out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoHandler

if TYPE_CHECKING:
    import pytest


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
