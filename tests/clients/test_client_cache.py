"""Which client a login is for: the template's own costs no read, every other one at most one a minute and container."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.clients.changes import remove_client
from smartident.clients.client import client_mac, client_of
from smartident.clients.client_cache import CACHE_SECONDS, find_client, forget_clients
from smartident.errors import InvalidRequest, LoginNotFound
from tests.logins.test_budget import READS
from tests.storage.test_stored_formats import mac_text
from tests.support.tax_app import OPERATOR, TAX_PAGE, add_tax_app, client_row, page_logs_in
from tests.support.world import ORIGIN

if TYPE_CHECKING:
    from tests.support.world import World


def reads(world: World) -> int:
    return len([one for one in world.aws.calls if one.operation in READS])


def test_a_login_that_names_no_client_is_to_the_templates_own(world: World) -> None:
    for named in (None, "financeapp"):
        own = find_client(named, now=world.now)
        assert own is not None
        assert (own.id, own.name, own.origins) == ("financeapp", "FinanceApp", (ORIGIN,))
        assert own.redirect_to == f"{ORIGIN}/signed-in"
    assert reads(world) == 0


def test_a_client_of_the_table_has_its_own_pages_and_sends_people_to_the_first_of_its_addresses(world: World) -> None:
    assert find_client("taxapp", now=world.now) is None
    added = add_tax_app(world)
    assert find_client("taxapp", now=world.now) == added
    assert (added.origins, added.redirect_to, added.changed_by) == ((TAX_PAGE,), f"{TAX_PAGE}/home", OPERATOR)


def test_a_client_is_read_once_a_minute(world: World) -> None:
    add_tax_app(world)
    world.aws.clear()
    for second in range(CACHE_SECONDS):
        assert find_client("taxapp", now=world.now + second)
    assert reads(world) == 1
    assert find_client("taxapp", now=world.now + CACHE_SECONDS)
    assert reads(world) == 2


def test_a_clock_that_was_set_back_keeps_no_client_for_longer(world: World) -> None:
    add_tax_app(world)
    find_client("taxapp", now=world.now + 10_000)
    remove_client("taxapp", by=OPERATOR, now=world.now)
    assert find_client("taxapp", now=world.now) is None
    assert find_client("taxapp", now=world.now + 10_001) is None


def test_a_removed_client_is_gone_within_a_minute(world: World) -> None:
    add_tax_app(world)
    assert find_client("taxapp", now=world.now)
    remove_client("taxapp", by=OPERATOR, now=world.now)
    assert find_client("taxapp", now=world.now + CACHE_SECONDS - 1)
    assert find_client("taxapp", now=world.now + CACHE_SECONDS) is None


def test_ids_that_callers_invent_take_no_memory_and_odd_ones_no_read(world: World) -> None:
    add_tax_app(world)
    find_client("taxapp", now=world.now)
    world.aws.clear()
    for number in range(20):
        assert find_client(f"invented{number}", now=world.now) is None
    assert reads(world) == 20
    for odd in ("", "a b", "x" * 65, "täx", "taxapp\n", "../taxapp"):
        assert find_client(odd, now=world.now) is None
    assert find_client("taxapp", now=world.now)
    assert reads(world) == 20


def test_what_waits_for_a_removed_client_ends_without_a_session(world: World) -> None:
    add_tax_app(world)
    jonas = world.account(two_factor=False)
    started = page_logs_in(world, jonas, page=TAX_PAGE, client_id="taxapp")
    remove_client("taxapp", by=OPERATOR, now=world.now)
    forget_clients()
    with pytest.raises(LoginNotFound):
        world.complete(started)
    with pytest.raises(InvalidRequest):
        page_logs_in(world, jonas, page=TAX_PAGE, client_id="taxapp")


def test_a_client_has_a_mac_over_all_of_it(world: World) -> None:
    add_tax_app(world)
    row = client_row()
    content = ["taxapp", "active", "Steuer", [TAX_PAGE], [f"{TAX_PAGE}/home", f"{TAX_PAGE}/other"], OPERATOR, world.now]
    assert row.mac == mac_text("grant-client", json.dumps(content, separators=(",", ":")))[:22]
    assert row.mac == client_mac(client_of(row))
