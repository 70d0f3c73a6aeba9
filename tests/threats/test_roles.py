"""Threats from inside a function: what somebody who runs code of his own in one of them can write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.item.row import AccountRow, account_key
from smartident.clients.client import ClientRow
from smartident.storage import client_keys, keys
from smartident.storage.table import Row
from tests.support import iam_roles
from tests.support.iam_roles import FUNCTIONS, Overstepped, actions
from tests.support.world import TABLE

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

ACCOUNT = {"pk": {"S": "qe4bcdb3qxsstpmaiuvz6z2qia"}, "sk": {"S": "ACCOUNT"}}
WRITERS = [name for name in FUNCTIONS if actions(name) & {"dynamodb:PutItem", "dynamodb:UpdateItem"}]


def sets(attribute: str, key: dict[str, Any] = ACCOUNT) -> dict[str, Any]:
    """An update that gives an item another value of this attribute."""
    names, values = {"#a": attribute}, {":v": {"S": "the attacker's"}}
    update = {"UpdateExpression": "SET #a = :v", "ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    return {"TableName": TABLE, "Key": key, **update}


def holds_off(function: str, operation: str, ask: dict[str, Any]) -> bool:
    """Whether the function's role refuses the call, alone and inside a transaction."""
    kind = {"PutItem": "Put", "UpdateItem": "Update"}[operation]
    ways = [(operation, ask), ("TransactWriteItems", {"TransactItems": [{kind: ask}]})]
    refused = 0
    for call, arguments in ways:
        try:
            iam_roles.require(function, "dynamodb", call, arguments)
        except Overstepped:
            refused += 1
    return refused == len(ways)


@pytest.mark.parametrize("function", WRITERS)
@pytest.mark.parametrize("attribute", ["two_factor", "phone", "email", "access_number"])
def test_code_in_a_function_switches_no_second_factor_off_and_redirects_no_sms(function: str, attribute: str) -> None:
    assert holds_off(function, "UpdateItem", sets(attribute))
    assert holds_off(function, "PutItem", {"TableName": TABLE, "Item": {**ACCOUNT, attribute: {"S": "x"}}})


@pytest.mark.parametrize("function", WRITERS)
def test_code_in_a_function_that_hashes_nothing_sets_no_password(function: str) -> None:
    assert holds_off(function, "UpdateItem", sets("password_hash")) is (function not in {"Login", "RegisterKey"})


@pytest.mark.parametrize("function", WRITERS)
def test_code_in_a_function_that_enrols_nothing_puts_no_phone_in(function: str) -> None:
    phone = {"pk": ACCOUNT["pk"], "sk": {"S": "DEVICE#x"}, "device_key": {"S": "x"}, "approval_key": {"S": "x"}}
    assert holds_off(function, "PutItem", {"TableName": TABLE, "Item": phone}) is (function != "VerifySms")
    exchanged = sets("approval_key", {"pk": ACCOUNT["pk"], "sk": {"S": "DEVICE#x"}})
    assert holds_off(function, "UpdateItem", exchanged) is (function != "VerifySms")


@pytest.mark.parametrize("function", WRITERS)
@pytest.mark.parametrize(
    "key", [client_keys.client("evil"), keys.access_number("1"), keys.email("a@b.example", "x")], ids=lambda key: key.pk
)
def test_code_in_a_function_adds_no_client_and_turns_no_lookup(function: str, key: keys.Key) -> None:
    item = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
    assert holds_off(function, "PutItem", {"TableName": TABLE, "Item": {**item, "account_id": {"S": "x"}}})
    assert holds_off(function, "UpdateItem", sets("account_id", item))


def test_a_step_that_sets_what_it_may_not_fails_in_every_test(
    world: World, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roles are held against pynamodb's own requests too, as it composes them."""
    monkeypatch.setattr(iam_roles, "calling_function", lambda: "Complete")
    with pytest.raises(Overstepped, match="two_factor"):
        account_key(anna.id).update(actions=[AccountRow.two_factor.set(False)])
    with pytest.raises(Overstepped, match="CLIENTS"):
        ClientRow(*client_keys.client("evil")).update(actions=[ClientRow.name.set("Evil")])
    with pytest.raises(Overstepped, match="NUMBER#"):
        Row.get(*keys.access_number(anna.number), consistent_read=True)
