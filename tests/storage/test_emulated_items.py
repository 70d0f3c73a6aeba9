"""The tests' DynamoDB is as exact as moto's: an item has its greatest size, a Query answers with its one partition."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.support.faster_items import LIGHT
from tests.support.world import TABLE, World

HEAVIEST = 405_000


@pytest.fixture
def dynamodb(world: World) -> Any:
    """The client of a table that the world has laid down."""
    assert world.now
    return boto3.client("dynamodb")


def key(name: str, place: str = "A") -> dict[str, Any]:
    return {"pk": {"S": name}, "sk": {"S": place}}


def test_an_item_of_many_parts_has_its_greatest_size(dynamodb: Any) -> None:
    parts = {f"part{number}": {"S": "x" * LIGHT} for number in range(HEAVIEST // LIGHT)}
    dynamodb.put_item(TableName=TABLE, Item={**key("heavy"), **parts})
    with pytest.raises(ClientError, match="size has exceeded"):
        dynamodb.put_item(TableName=TABLE, Item={**key("heavier"), **parts, "more": {"S": "x" * LIGHT}})


def test_an_item_that_grows_comes_to_its_greatest_size(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=key("grows"))

    def grow(number: int) -> None:
        names, values = {"#part": f"part{number}"}, {":part": {"S": "x" * (LIGHT - 100)}}
        dynamodb.update_item(
            TableName=TABLE,
            Key=key("grows"),
            UpdateExpression="SET #part = :part",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )

    for number in range(HEAVIEST // LIGHT):
        grow(number)
    with pytest.raises(ClientError, match="size"):
        grow(HEAVIEST // LIGHT)


def test_a_query_answers_with_one_partition_in_order(dynamodb: Any) -> None:
    for name, place in (("two", "A"), ("one", "B"), ("one", "A"), ("one", "C")):
        dynamodb.put_item(TableName=TABLE, Item={**key(name, place), "number": {"N": "12"}, "right": {"BOOL": True}})
    told = dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk AND sk > :sk",
        ExpressionAttributeValues={":pk": {"S": "one"}, ":sk": {"S": "A"}},
        ConsistentRead=True,
    )
    rest = {"number": {"N": "12"}, "right": {"BOOL": True}}
    assert told["Items"] == [{**key("one", "B"), **rest}, {**key("one", "C"), **rest}]
