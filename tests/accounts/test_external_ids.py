"""External ids: a client finds its own name for a person in its tokens, and no other client does."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from smartident.accounts.account import Account, read_account
from smartident.accounts.external_ids import (
    MAX_CLIENTS,
    ExternalIdRow,
    account_called,
    external_ids_of,
    find_external_id,
    is_external_id,
)
from smartident.accounts.item.row import AccountRow
from smartident.admin.change import ExternalIdTaken, change_email, change_external_id, forget_names_of_client
from smartident.admin.erase import erase_account
from smartident.admin.export import export_account
from smartident.clients.changes import add_client, remove_client
from smartident.clients.client import Client
from smartident.errors import InvalidRequest
from smartident_client import base64url
from tests.support.stored_items import everything
from tests.support.world import World

OWN, OTHER = "financeapp", "depot"


def claims(world: World, account: Account) -> dict[str, Any]:
    """What the token of the template's client says."""
    token = str(world.complete(world.start(account))["id_token"])
    told: dict[str, Any] = json.loads(base64url.decode(token.split(".")[1]))
    return told


def names(account: Account) -> dict[str, str]:
    current = read_account(account.id)
    assert current is not None
    return external_ids_of(current)


@pytest.fixture
def jonas(world: World) -> Account:
    """Somebody whose password is enough."""
    return world.account(two_factor=False, email="jonas@example.org")


def test_a_clients_name_stands_in_its_tokens_and_in_no_others(world: World, jonas: Account) -> None:
    assert "external_id" not in claims(world, jonas)
    change_external_id(jonas.id, OTHER, "D-7", now=world.now)
    assert "external_id" not in claims(world, jonas)
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    assert claims(world, jonas)["external_id"] == "K-42"
    assert names(jonas) == {OWN: "K-42", OTHER: "D-7"}


def test_a_name_is_set_with_the_account(world: World) -> None:
    world.later(1)
    jonas = world.account(two_factor=False, external_ids={OWN: "a=b"})
    assert claims(world, jonas)["external_id"] == "a=b"
    with pytest.raises(InvalidRequest) as refused:
        world.account("987", external_ids={OWN: "a=b"})
    assert refused.value.details["field"] == "external_id"
    with pytest.raises(InvalidRequest) as refused:
        world.account(jonas.number, external_ids={OWN: "a=b"})
    assert refused.value.details["field"] == "access_number"


def test_a_client_gives_a_name_to_one_account(world: World, jonas: Account) -> None:
    anna = world.account()
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    with pytest.raises(ExternalIdTaken):
        change_external_id(anna.id, OWN, "K-42", now=world.now)
    change_external_id(anna.id, OTHER, "K-42", now=world.now)
    assert (names(jonas), names(anna)) == ({OWN: "K-42"}, {OTHER: "K-42"})


def test_of_many_at_once_one_gets_the_name(world: World) -> None:
    everybody = [world.account() for _ in range(8)]

    def claim(account: Account) -> bool:
        try:
            change_external_id(account.id, OWN, "K-42", now=world.now)
        except ExternalIdTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        won = list(crowd.map(claim, everybody))
    assert won.count(True) == 1
    owner = everybody[won.index(True)]
    assert find_external_id(OWN, "K-42") == owner.id
    assert [names(one) for one in everybody if one is not owner] == [{}] * 7


def test_a_name_that_is_given_up_is_free(world: World, jonas: Account) -> None:
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    change_external_id(jonas.id, OWN, "K-43", now=world.now)
    change_external_id(world.account().id, OWN, "K-42", now=world.now)
    change_external_id(jonas.id, OWN, None, now=world.now)
    assert (names(jonas), find_external_id(OWN, "K-43")) == ({}, None)


def test_the_same_name_again_changes_nothing(world: World, jonas: Account) -> None:
    for _ in range(2):
        change_external_id(jonas.id, OWN, "K-42", now=world.now)
    kinds = [item["type"] for item in export_account(jonas) if "type" in item]
    assert kinds.count("external_id_changed") == 1


def test_an_account_has_so_many_names(world: World, jonas: Account) -> None:
    for number in range(MAX_CLIENTS):
        change_external_id(jonas.id, f"c{number}", "K", now=world.now)
    with pytest.raises(ExternalIdTaken):
        change_external_id(jonas.id, OWN, "K", now=world.now)
    change_external_id(jonas.id, "c0", "K-2", now=world.now)


def test_a_name_stays_when_something_else_changes(world: World, jonas: Account) -> None:
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    change_email(jonas.id, "other@example.org", now=world.now)
    assert claims(world, jonas)["external_id"] == "K-42"


def test_who_can_only_write_the_table_gives_nobody_another_name(world: World, jonas: Account) -> None:
    anna = world.account()
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    AccountRow(jonas.id, "ACCOUNT").update(actions=[AccountRow.external_ids.set({f"{OWN}=K-1"})])
    with pytest.raises(Exception, match=r"password|credentials"):
        claims(world, jonas)
    ExternalIdRow(f"EXTERNAL#{OWN}", "K-9", account_id=anna.id).save()
    assert (account_called(OWN, "K-9"), account_called(OWN, "K-0")) == (None, None)


def test_a_client_finds_the_account_that_it_calls_so(world: World, jonas: Account) -> None:
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    found = account_called(OWN, "K-42")
    assert found is not None
    assert found.id == jonas.id
    assert account_called(OTHER, "K-42") is None


def test_a_person_reads_the_names_and_erasure_frees_them(world: World, jonas: Account) -> None:
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    current = read_account(jonas.id)
    assert current is not None
    exported = list(export_account(current))
    assert {"pk": f"EXTERNAL#{OWN}", "sk": "K-42", "kind": "external_id", "account_id": jonas.id} in [
        {name: value for name, value in item.items() if value is not None} for item in exported
    ]
    assert [item["external_ids"] for item in exported if item["sk"] == "ACCOUNT"] == [[f"{OWN}=K-42"]]
    erase_account(jonas.id, number=jonas.number, email=jonas.email)
    assert "K-42" not in str(everything())


def test_a_later_client_of_the_same_id_hears_no_name_of_the_former(world: World, jonas: Account) -> None:
    client = Client(OTHER, "Depot", ("https://depot.example",), ("https://depot.example/done",))
    add_client(client, by="petra", now=world.now)
    change_external_id(jonas.id, OTHER, "D-7", now=world.now)
    change_external_id(jonas.id, OWN, "K-42", now=world.now)
    gone = world.account(external_ids={OTHER: "D-8"})
    AccountRow(gone.id, "ACCOUNT").delete()
    remove_client(OTHER, by="petra", now=world.now)
    assert forget_names_of_client(OTHER, now=world.now) == 2
    assert (names(jonas), find_external_id(OTHER, "D-7"), find_external_id(OTHER, "D-8")) == ({OWN: "K-42"}, None, None)


@pytest.mark.parametrize("name", ["", "x" * 129, " K", "K ", "a\nb", "a\u200bb"])
def test_what_is_no_name(name: str) -> None:
    assert not is_external_id(name)
    assert is_external_id("Kunde 42 · ü")
