"""The table's items as they lie in moto, for tests that look after every step: a query each time would cost most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tests.support.grants import grant
from tests.support.world import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.storage.table import Row

Item = dict[str, dict[str, Any]]
Key = tuple[str, str]


def items(pk: str | None = None) -> Iterator[Item]:
    """Every item, or those of one partition, in DynamoDB's own JSON."""
    partitions = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].tables[TABLE].items
    for key, partition in [*partitions.items()]:
        for item in [*partition.values()] if pk in {None, key.value} else []:
            yield {name: value.to_regular_json() for name, value in item.attrs.items()}


def multiply(row: Row, most: int) -> None:
    """As many rows that say the same, this one included."""
    said = row.serialize()
    with type(row).batch_write() as batch:
        for number in range(1, most):
            batch.save(grant(type(row).from_raw_data({**said, "sk": {"S": f"{row.sk[:-3]}{number:03}"}})))


def everything() -> dict[Key, Item]:
    """The whole table as it lies now."""
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items()}


def moved(before: dict[Key, Item]) -> dict[Key, set[str]]:
    """The items that are not what they were, and the members that differ."""
    now, nothing = everything(), Item()
    differ = {}
    for key in before.keys() | now.keys():
        old, new = before.get(key, nothing), now.get(key, nothing)
        differ[key] = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return {key: members for key, members in differ.items() if members}
