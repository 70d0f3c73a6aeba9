"""The one table: what its items have in common, and the one connection that all kinds of items share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from smartident.aws import client
from smartident.settings import settings

if TYPE_CHECKING:
    from pynamodb.connection import Connection
    from pynamodb.connection.table import TableConnection

# botocore repeats a call whose answer got lost. Each write tells its own repeat from somebody else's (writes.py).
ATTEMPTS = 3
DAY = 86_400


class _TableName:
    """The table's name, read on first use so that importing a row needs no environment."""

    def __get__(self, instance: object, owner: type | None = None) -> str:
        return settings().table_name


class Row(Model):
    """An item of the table; `kind` says what it is."""

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
        shared = client("dynamodb", attempts=ATTEMPTS)
        if table.connection._client is not shared:  # noqa: SLF001  it takes no client from outside
            _watch_conditions(shared)
            table.connection._client = shared  # noqa: SLF001  as above
        return table

    @classmethod
    def shared_connection(cls) -> Connection:
        """The connection that all rows and transactions of this container use."""
        return cls._get_connection().connection


def _watch_conditions(dynamodb: Any) -> None:
    for operation in ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"):
        # Registering the handler again changes nothing, because it has an id.
        dynamodb.meta.events.register(
            f"before-parameter-build.dynamodb.{operation}",
            _ask_what_stood_in_the_way,
            unique_id=f"smartident-{operation}",
        )


def _ask_what_stood_in_the_way(params: dict[str, Any], **_: object) -> None:
    """Have a failed condition answered with the item as it stood (ReturnValuesOnConditionCheckFailure)."""
    for operation in (params, *(one for item in params.get("TransactItems", ()) for one in item.values())):
        if "ConditionExpression" in operation:
            operation["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
