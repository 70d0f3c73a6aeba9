"""Moto's items, as exact as they are and quicker to make, to weigh, to find and to hand over.

Moto weighs a whole item for each attribute that it gets, sorts the whole table for each Query, and asks each value ten
times of which type it is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from botocore.parsers import BaseJSONParser
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.table import Table

if TYPE_CHECKING:
    import pytest

# An item is weighed exactly once it may be this heavy; DynamoDB takes ten times as much.
LIGHT = 40_000
# Values that nothing is inside of, so that they may be shared.
PLAIN = {"S", "N", "BOOL"}


def speed_up(patch: pytest.MonkeyPatch) -> None:
    """Put all of it in moto's place, and botocore's reading of items beside it."""
    _weigh_heavy_items_only(patch)
    _know_the_types_of_values(patch)
    _look_at_one_partition(patch)
    _read_attribute_values_as_they_are(patch)


def _weigh_heavy_items_only(patch: pytest.MonkeyPatch) -> None:
    plain = LimitedSizeDict.__setitem__

    def put(self: Any, key: str, value: Any) -> None:
        heaviest = getattr(self, "heaviest", None)
        if heaviest is None:
            heaviest = sum(_bytes(name) + _bytes(one) for name, one in self.items())
        self.heaviest = heaviest + _bytes(key) + _bytes(value)
        if self.heaviest < LIGHT:
            dict.__setitem__(self, key, value)
        else:
            plain(self, key, value)

    patch.setattr(LimitedSizeDict, "__setitem__", put)


def _bytes(one: Any) -> int:
    return one.size() if type(one) is DynamoType else len(str(one).encode())


def _know_the_types_of_values(patch: pytest.MonkeyPatch) -> None:
    cast: Any = DynamoType.cast_value
    size, to_json = DynamoType.size, DynamoType.to_regular_json

    def value(self: DynamoType) -> Any:
        return self.value if self.type == "S" else cast.fget(self)

    def weight(self: DynamoType) -> int:
        return len(self.value.encode()) if self.type == "S" else size(self)

    def regular(self: DynamoType) -> dict[str, Any]:
        return {self.type: self.value} if self.type in PLAIN else to_json(self)

    patch.setattr(DynamoType, "cast_value", property(value))
    patch.setattr(DynamoType, "size", weight)
    patch.setattr(DynamoType, "to_regular_json", regular)


def _look_at_one_partition(patch: pytest.MonkeyPatch) -> None:
    plain: Any = Table.query

    def query(self: Table, hash_key: Any, *rest: Any, **named: Any) -> Any:
        whole = self.items
        self.items = defaultdict(dict, {hash_key: whole[hash_key]} if hash_key in whole else {})
        try:
            return plain(self, hash_key, *rest, **named)
        finally:
            self.items = whole

    patch.setattr(Table, "query", query)


def _read_attribute_values_as_they_are(patch: pytest.MonkeyPatch) -> None:
    """Botocore looks for each of a value's ten possible types; the values are JSON already, unless one is binary."""
    plain: Any = BaseJSONParser._handle_structure  # type: ignore[attr-defined]  # botocore's stubs leave it out

    def structure(self: BaseJSONParser, shape: Any, value: Any) -> Any:
        if shape.name == "AttributeValue" and value and next(iter(value)) in PLAIN:
            return value
        return plain(self, shape, value)

    patch.setattr(BaseJSONParser, "_handle_structure", structure)
