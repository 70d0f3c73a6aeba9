"""The one table: its rows' common shape, its transactions, and what its failures mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from smartident.aws import client
from smartident.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pynamodb.connection import Connection
    from pynamodb.connection.table import TableConnection

CONDITION_FAILED = "ConditionalCheckFailedException"
# A transaction of somebody else holds the item just now; nothing is decided yet, so the write is asked again.
TRANSACTION_CONFLICT = "TransactionConflictException"
TURNS = 5
# So often what found somebody else first is composed anew, from what stands by then.
MAX_CONFLICT_RETRIES = 8
# A conditional write may be asked again: what it already did, its condition then refuses.
ATTEMPTS = 3
DAY = 86_400
# What TransactWriteItems says of an item whose condition did not hold, against one that was merely in the way.
ITEM_CONDITION_FAILED = "ConditionalCheckFailed"


class _TableName:
    """The table's name, read on first use so that importing a row needs no environment."""

    def __get__(self, instance: object, owner: type | None = None) -> str:
        return settings().table_name


class Row(Model):
    """An item of the table; what it is stands in `kind`."""

    class Meta:
        """Where the items live."""

        table_name: Any = _TableName()

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    ttl = NumberAttribute(null=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # One client for all kinds of rows: each further one would cost a cold start some 40 ms and a TLS handshake.
        if cls is not Row:
            return Row._get_connection()
        table = super()._get_connection()
        # Of the session that all our clients share; pynamodb would load botocore's data for one of its own.
        table.connection._client = client("dynamodb", attempts=ATTEMPTS)  # noqa: SLF001  it takes no client from outside
        return table

    @classmethod
    def shared_connection(cls) -> Connection:
        """The connection that all rows and transactions of this container use."""
        return cls._get_connection().connection


class Conflict(Exception):  # noqa: N818  not an error: somebody else wrote first
    """A conditional write found another state than it asked for; nothing was written."""


def write_if(row: Row, actions: list[Any], condition: Any) -> None:
    """Update one row if the condition holds and refresh it; raises Conflict if it does not."""
    turns = TURNS
    while True:
        turns -= 1
        try:
            row.update(actions=actions, condition=condition)
        except PynamoDBException as error:
            if _code(error) == CONDITION_FAILED:
                raise Conflict from None
            if _code(error) != TRANSACTION_CONFLICT or not turns:
                raise
        else:
            return


def put_new(row: Row) -> None:
    """Put a row that must not exist yet; raises Conflict if it does."""
    try:
        row.save(condition=Row.pk.does_not_exist())
    except PynamoDBException as error:
        if _code(error) == CONDITION_FAILED:
            raise Conflict from None
        raise


def transact(compose: Callable[[TransactWrite], None]) -> None:
    """Write all that `compose` adds, or nothing; raises Conflict if a condition failed or somebody was in the way."""
    try:
        with TransactWrite(connection=Row.shared_connection()) as transaction:
            compose(transaction)
    except TransactWriteError as error:
        codes = {reason.code for reason in error.cancellation_reasons if reason is not None}
        if codes & {ITEM_CONDITION_FAILED, "TransactionConflict"}:
            raise Conflict from None
        raise


def _code(error: PynamoDBException) -> str | None:
    """What DynamoDB said; after a timeout it said nothing, and pynamodb's own reading of that is an AttributeError."""
    response = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code
