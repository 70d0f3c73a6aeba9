"""The laptop's table: transactions stand or leave no trace, and a query sees its own partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from smartident_laptop.moto.cloud import TABLE_NAME, Cloud
from smartident_laptop.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def table() -> Iterator[Any]:
    cloud = Cloud(Template(parameters={"AllowedOrigins": "https://pages.example"}))
    cloud.start()
    try:
        cloud.provision()
        yield cloud.client("dynamodb")
    finally:
        cloud.stop()


def key(partition: str, name: str) -> dict[str, Any]:
    return {"pk": {"S": partition}, "sk": {"S": name}}


def held(table: Any, partition: str) -> dict[str, Any]:
    """A partition's rows by name: its counter and its map."""
    found = table.query(
        TableName=TABLE_NAME,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": partition}},
        ConsistentRead=True,
    )
    return {row["sk"]["S"]: (row["times"]["N"], row["held"]["M"]) for row in found["Items"]}


def put(table: Any, partition: str, name: str) -> None:
    table.put_item(
        TableName=TABLE_NAME, Item={**key(partition, name), "times": {"N": "1"}, "held": {"M": {"a": {"N": "2"}}}}
    )


def raised(partition: str, name: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": TABLE_NAME,
            "Key": key(partition, name),
            "UpdateExpression": "SET times = times + :one, held.a = :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }


def new(partition: str, name: str) -> dict[str, Any]:
    item = {**key(partition, name), "times": {"N": "7"}, "held": {"M": {}}}
    return {"Put": {"TableName": TABLE_NAME, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def test_a_transaction_that_fails_leaves_every_row_as_it_was(table: Any) -> None:
    put(table, "one", "kept")
    put(table, "one", "there")
    before = held(table, "one")
    with pytest.raises(ClientError):
        table.transact_write_items(TransactItems=[raised("one", "kept"), new("one", "fresh"), new("one", "there")])
    with pytest.raises(ClientError):
        table.transact_write_items(TransactItems=[raised("one", "kept"), new("one", "fresh"), raised("one", "none")])
    assert held(table, "one") == before


def test_a_transaction_that_holds_writes_every_row(table: Any) -> None:
    put(table, "two", "kept")
    table.transact_write_items(TransactItems=[raised("two", "kept"), new("two", "fresh")])
    assert held(table, "two") == {"kept": ("2", {"a": {"N": "1"}}), "fresh": ("7", {})}


def test_a_query_sees_its_own_partition(table: Any) -> None:
    put(table, "three", "mine")
    put(table, "four", "yours")
    assert held(table, "three").keys() == {"mine"}
    assert held(table, "nobody") == {}


def test_a_text_asked_again_is_read_with_the_values_and_names_of_its_own_request(table: Any) -> None:
    put(table, "Texts", "A")
    asks = [("times", "5"), ("times", "7"), ("other", "9"), ("times", "1")]
    for name, value in asks:
        table.update_item(
            TableName=TABLE_NAME,
            Key=key("Texts", "A"),
            UpdateExpression="SET #name = if_not_exists(#none, :zero) + :value",
            ConditionExpression="attribute_exists(pk) AND #name <> :value",
            ExpressionAttributeNames={"#name": name, "#none": "none"},
            ExpressionAttributeValues={":value": {"N": value}, ":zero": {"N": "0"}},
        )
    row = table.get_item(TableName=TABLE_NAME, Key=key("Texts", "A"), ConsistentRead=True)["Item"]
    assert (row["times"], row["other"]) == ({"N": "1"}, {"N": "9"})
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        table.update_item(
            TableName=TABLE_NAME,
            Key=key("Texts", "A"),
            UpdateExpression="SET #name = if_not_exists(#none, :zero) + :value",
            ConditionExpression="attribute_exists(pk) AND #name <> :value",
            ExpressionAttributeNames={"#name": "times", "#none": "none"},
            ExpressionAttributeValues={":value": {"N": "1"}, ":zero": {"N": "0"}},
        )
