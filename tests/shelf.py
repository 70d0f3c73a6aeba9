"""The table's items as they lie in moto, for tests that look after every step: a query each time would cost most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tests.world import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.table import Row

Item = dict[str, dict[str, Any]]


def items(pk: str | None = None) -> Iterator[Item]:
    """Every item, or those of one partition, in DynamoDB's own JSON."""
    partitions = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].tables[TABLE].items
    for key, partition in [*partitions.items()]:
        for item in [*partition.values()] if pk in {None, key.value} else []:
            yield {name: value.to_regular_json() for name, value in item.attrs.items()}


def multiply(row: Row, most: int) -> None:
    """As many rows that say the same, this one included."""
    first = row.sk
    for number in range(1, most):
        row.sk = f"{first[:-3]}{number:03}"
        row.save()
