"""What a login costs: every AWS call from the password to the session, counted at botocore's door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.clients.client_cache import forget_clients
from smartident.crypto import pepper
from tests.support.browser_tab import Tab
from tests.support.login_passkey import made, signed_in
from tests.support.stored_items import items
from tests.support.tax_app import TAX_PAGE, add_tax_app, page_logs_in
from tests.support.world import ELSEWHERE, PASSWORD, Phone, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.accounts.account import Account
    from tests.support.fake_aws import Call

READS = {"GetItem", "Query"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


def rows(call: Call) -> Iterator[str]:
    """What a write does to which kind of row: `Put LOGIN`, `ConditionCheck DEVICE`."""
    for part in call.ask.get("TransactItems", [{call.operation.removesuffix("Item"): call.ask}]):
        for kind, ask in part.items():
            key = ask.get("Key") or ask["Item"]
            names = key["pk" if key["pk"]["S"].startswith("LIMIT#") else "sk"]["S"]
            yield f"{kind} {names.partition('#')[0]}"


def spent(world: World) -> dict[str, list[str]]:
    """The calls since the last look, by what they are paid as."""
    calls, world.aws.calls[:] = list(world.aws.calls), []
    written = [row for call in calls if call.operation in WRITES for row in rows(call)]
    return {
        "calls": [call.operation for call in calls],
        "reads": [call.operation for call in calls if call.operation in READS],
        "writes": [row for row in written if not row.startswith("ConditionCheck")],
        "checks": [row for row in written if row.startswith("ConditionCheck")],
    }


@pytest.fixture(autouse=True)
def clock(world: World) -> None:
    world.stop_the_clock()


@pytest.fixture
def phone(world: World, anna: Account) -> Phone:
    phone = world.phone(anna)
    pepper.pepper()
    world.aws.clear()
    return phone


def logged_in(world: World, anna: Account, phone: Phone, **named: str) -> dict[str, dict[str, list[str]]]:
    """One login over the handlers, as page and app do it, and what each of its requests spent."""
    took, tab = {}, Tab(world)
    _, _, begun = world.http("POST", "/v1/logins", {"identifier": anna.number, "password": PASSWORD, **named})
    took["start"] = spent(world)
    login_id, bearer = begun["login_id"], {"authorization": f"Bearer {begun['login_token']}"}
    assert tab.connect(*begun["socket"]["protocols"])[0] == 200
    took["connect"] = spent(world)
    assert tab.ask(login_id)["status"] == "pending"
    took["ask"] = spent(world)
    [waiting] = world.send(phone, "GET", "/v1/approvals")[2]["approvals"]
    took["list"] = spent(world)
    evidence = phone.evidence(waiting["statement"], begun["transfer_code"].replace(" ", ""), now=world.now)
    body = {"decision": "approve", "evidence": evidence}
    assert world.send(phone, "POST", f"/v1/approvals/{login_id}", body)[2] == {"status": "approved"}
    took["approve"] = spent(world)
    assert tab.heard[-1]["status"] == "approved"
    assert world.http("POST", f"/v1/logins/{login_id}/complete", headers=bearer)[0] == 200
    took["complete"] = spent(world)
    return took


def test_a_login_is_these_calls_and_no_other(world: World, anna: Account, phone: Phone) -> None:
    took = logged_in(world, anna, phone)
    assert {step: one["calls"] for step, one in took.items()} == {
        "start": ["GetItem", "UpdateItem", "TransactWriteItems"],
        "connect": ["UpdateItem"],
        "ask": ["GetItem"],
        "list": ["Query"],
        "approve": ["Query", "UpdateItem", "PostToConnection"],
        "complete": ["GetItem", "UpdateItem", "Sign"],
    }
    assert {step: one["writes"] for step, one in took.items()} == {
        "start": ["Update ACCOUNT", "Put LOGIN", "Update ACCOUNT"],
        "connect": ["Update LOGIN"],
        "ask": [],
        "list": [],
        "approve": ["Update LOGIN"],
        "complete": ["Update LOGIN"],
    }
    assert sum(len(one["reads"]) for one in took.values()) <= 5
    assert sum(len(one["writes"]) for one in took.values()) <= 6
    assert [row for one in took.values() for row in one["checks"]] == []
    assert sum(len(set(one["calls"]) & {"PostToConnection", "Sign"}) for one in took.values()) == 2
    assert sum(len(one["calls"]) for one in took.values()) == 12


def test_a_later_login_reads_once_more_what_became_of_the_one_before_it(
    world: World, anna: Account, phone: Phone
) -> None:
    first, second = logged_in(world, anna, phone), logged_in(world, anna, phone)
    assert second["start"]["calls"] == ["GetItem", "UpdateItem", "Query", "TransactWriteItems"]
    assert {**second, "start": second["start"]["writes"]} == {**first, "start": first["start"]["writes"]}
    assert logged_in(world, anna, phone) == second


def test_a_trusted_browser_costs_nothing(world: World, anna: Account, phone: Phone) -> None:
    token = world.trusted_browser(anna, phone)
    world.aws.clear()
    usual = logged_in(world, anna, phone)
    trusted = logged_in(world, anna, phone, trusted_browser=token)
    for step, took in trusted.items():
        assert (took["calls"], took["writes"]) == (usual[step]["calls"], usual[step]["writes"])


def test_a_client_of_the_table_costs_a_read_a_minute_in_each_container_and_its_logins_none(
    world: World, anna: Account, phone: Phone
) -> None:
    """Here `login` and `complete` share their container, as no two functions of a deployment do."""
    add_tax_app(world)
    world.aws.clear()
    first = logged_in(world, anna, phone, client_id="taxapp")
    assert first["start"]["calls"] == ["GetItem", "GetItem", "UpdateItem", "TransactWriteItems"]
    warm = logged_in(world, anna, phone, client_id="taxapp")
    assert warm["start"]["calls"] == ["GetItem", "UpdateItem", "Query", "TransactWriteItems"]
    assert sum(len(one["reads"]) for one in warm.values()) == 6
    assert sum(len(one["calls"]) for one in warm.values()) == 13


def test_the_end_of_a_login_reads_its_client_where_no_login_before_it_has(
    world: World, anna: Account, phone: Phone
) -> None:
    add_tax_app(world)
    started = page_logs_in(world, anna, page=TAX_PAGE, client_id="taxapp")
    world.approve(phone, started)
    forget_clients()
    world.aws.clear()
    world.complete(started)
    assert spent(world)["calls"] == ["GetItem", "UpdateItem", "GetItem", "Sign"]


def test_a_login_from_a_new_address_costs_a_check_more_and_no_further_call(
    world: World, anna: Account, phone: Phone
) -> None:
    ask = {"identifier": anna.number, "password": PASSWORD}
    assert world.http("POST", "/v1/logins", ask, client_address=ELSEWHERE)[0] == 201
    took = spent(world)
    assert took["calls"] == ["GetItem", "UpdateItem", "TransactWriteItems"]
    assert took["writes"] == ["Update ACCOUNT", "Put LOGIN", "Update ACCOUNT"]
    assert took["checks"] == ["ConditionCheck LIMIT"]


def test_a_fingerprint_in_the_browser_costs_no_further_call(world: World, anna: Account, phone: Phone) -> None:
    # The new phone is one of three requests of this hour: with the usual limit the next login would look at them.
    world.set(UNANSWERED_LOGINS=9, PENDING_LOGINS=9)
    passkey = world.paired_phone(phone, anna, "webauthn")
    logged_in(world, anna, phone)
    world.aws.clear()
    assert logged_in(world, anna, passkey) == logged_in(world, anna, phone)


def test_a_login_by_password_alone_is_two_reads_and_four_writes(world: World) -> None:
    jonas = world.account(two_factor=False)
    world.aws.clear()
    _, _, begun = world.http("POST", "/v1/logins", {"identifier": jonas.number, "password": PASSWORD})
    bearer = {"authorization": f"Bearer {begun['login_token']}"}
    assert world.http("POST", f"/v1/logins/{begun['login_id']}/complete", headers=bearer)[0] == 200
    took = spent(world)
    assert took["calls"] == ["GetItem", "UpdateItem", "TransactWriteItems", "GetItem", "UpdateItem", "Sign"]
    assert took["writes"] == ["Update ACCOUNT", "Put LOGIN", "Update ACCOUNT", "Update LOGIN"]


def test_a_login_by_passkey_is_five_reads_and_five_writes(world: World, anna: Account, phone: Phone) -> None:
    passkey = made(world, signed_in(world, phone, world.start(anna)))
    world.aws.clear()
    _, _, asked = world.http("POST", "/v1/passkeys/options")
    assert spent(world)["calls"] == []
    ask = {"assertion": passkey.get(asked["public_key"])}
    _, _, begun = world.http("POST", "/v1/passkeys/login", ask)
    start = spent(world)
    assert start["calls"] == ["GetItem", "GetItem", "GetItem", "Query", "TransactWriteItems"]
    assert start["writes"] == ["Put LOGIN", "Put USED", "Update PASSKEY", "Update ACCOUNT"]
    bearer = {"authorization": f"Bearer {begun['login_token']}"}
    assert world.http("POST", f"/v1/logins/{begun['login_id']}/complete", headers=bearer)[0] == 200
    assert spent(world)["calls"] == ["GetItem", "UpdateItem", "Sign"]


def test_nothing_is_read_that_may_be_old(world: World, anna: Account, phone: Phone) -> None:
    started = world.start(anna)
    world.listed(phone)
    world.approve(phone, started)
    reads = [call for call in world.aws.calls if call.operation in READS]
    assert [call.ask["ConsistentRead"] for call in reads] == [True] * 3


def size(value: dict[str, Any]) -> int:
    """The bytes of an attribute value as DynamoDB counts them; a login holds texts and numbers only."""
    [(kind, content)] = value.items()
    return len(content.encode()) if kind == "S" else (len(content) + 1) // 2 + 1


@pytest.mark.parametrize(("kind", "most"), [("jwk", 2048), ("webauthn", 3072)])
def test_a_login_with_its_receipt_stays_small(world: World, anna: Account, kind: str, most: int) -> None:
    phone = world.phone(anna, kind)
    logged_in(world, anna, phone)
    logged_in(world, anna, phone)
    later = next(item for item in items(anna.id) if "outcomes" in item)
    assert sum(len(name) + size(value) for name, value in later.items()) < most
