"""Threats by a client that issues enrolment codes: its stolen secret lets no phone into others' accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.account import read_account
from smartident.admin.change import change_external_id
from smartident.devices.revoke import revoke
from smartident.enrolment.enrolment_code import read_enrolment_code
from tests.support.ciba_flow import BACKEND, BackEnd, add_back_ends, pinged
from tests.support.oidc_flow import add_clients

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

BERTA, EMAIL = "K-77", "berta@person.example"


@pytest.fixture
def berta(world: World) -> Account:
    """Who never had a phone, and whom the back end alone knows."""
    world.stop_the_clock()
    account = world.account(email=EMAIL)
    add_clients(world)
    add_back_ends(world, issues_enrolment_codes=True)
    change_external_id(account.id, BACKEND, BERTA, now=world.now)
    return account


def heard(server: BackEnd, hint: str) -> tuple[int, dict[str, str], Any]:
    """What a client hears, without what differs from answer to answer."""
    status, headers, told = server.code(login_hint=hint)
    return status, {name: value for name, value in headers.items() if name.lower() != "x-request-id"}, told


def test_stolen_secret_of_one_client_lets_nobody_into_the_account_of_another(world: World, berta: Account) -> None:
    """By whatever name: the stranger hears what he hears of somebody whom nobody knows, and learns nothing."""
    thief, nobody = pinged(world), heard(pinged(world), "K-999")
    assert (nobody[0], nobody[2]["error"]) == (400, "unknown_user_id")
    for hint in (BERTA, berta.number, EMAIL):
        assert heard(thief, hint) == nobody
    assert read_enrolment_code(berta.id) is None
    assert heard(BackEnd(world), BERTA)[0] == 200


def test_stolen_secret_lets_nobody_in_beside_a_phone_or_after_it(world: World, berta: Account) -> None:
    """An account that ever had a phone stays with the person, after the last one was lost too."""
    server, phone = BackEnd(world), world.phone(berta)
    nobody = heard(server, "K-999")
    assert heard(server, BERTA) == nobody
    revoke(berta.id, phone.key.thumbprint, by=None, now=world.now)
    found = read_account(berta.id)
    assert found is not None
    assert found.active_devices == 0
    assert heard(server, BERTA) == nobody
    assert read_enrolment_code(berta.id) is None


def test_stolen_secret_of_a_client_without_the_operators_word_issues_nothing(world: World) -> None:
    """What the client may ask of phones does not let it hand out codes, and it hears the same of anybody."""
    world.stop_the_clock()
    account = world.account()
    add_clients(world)
    add_back_ends(world, account)
    told = heard(BackEnd(world), "K-42")
    assert (told[0], told[2]["error"]) == (400, "unauthorized_client")
    assert heard(BackEnd(world), "K-999") == told
    assert read_enrolment_code(account.id) is None
