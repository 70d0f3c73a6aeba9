"""What an operator does with clients, and that who did it stays on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartident.clients.backchannel import PING, Backchannel
from smartident.clients.changes import ClientNotFound, add_client, list_clients, remove_client, show_client
from smartident.clients.client import ClientRow
from smartident.clients.client_cache import find_client, forget_clients
from smartident.errors import InvalidRequest
from tests.support.lost_answers import lost_answers
from tests.support.oidc_flow import SHOP, SHOP_BYE, SHOP_HEARS, add_clients
from tests.support.tax_app import OPERATOR, TAX_PAGE, add_tax_app, client_row

if TYPE_CHECKING:
    from tests.support.world import World

OTHER = "arn:aws:sts::123456789012:assumed-role/operators/carl"


def test_an_id_is_taken_once_and_the_templates_own_always(world: World) -> None:
    add_tax_app(world)
    with pytest.raises(InvalidRequest) as refused:
        add_tax_app(world, name="Andere")
    assert refused.value.details == {"field": "client_id"}
    assert client_row().name == "Steuer"
    world.set(CLIENT_ID="taxapp")
    remove_client("taxapp", by=OTHER, now=world.now)
    with pytest.raises(InvalidRequest):
        add_tax_app(world)


def test_a_removed_client_stays_on_record_and_may_be_added_once_more(world: World) -> None:
    add_tax_app(world)
    remove_client("taxapp", by=OTHER, now=world.now + 5)
    removed = show_client("taxapp")
    assert (removed.active, removed.changed_by, removed.changed_at) == (False, OTHER, world.now + 5)
    with pytest.raises(ClientNotFound):
        remove_client("taxapp", by=OPERATOR, now=world.now + 6)
    assert show_client("taxapp").changed_by == OTHER
    add_tax_app(world, now=world.now + 7)
    assert show_client("taxapp").active


def test_an_unknown_client_is_neither_shown_nor_removed(world: World) -> None:
    with pytest.raises(ClientNotFound):
        show_client("nobody")
    with pytest.raises(ClientNotFound):
        remove_client("nobody", by=OPERATOR, now=world.now)


def test_the_list_begins_with_the_templates_own(world: World) -> None:
    add_tax_app(world)
    assert [client.id for client in list_clients()] == ["financeapp", "taxapp"]
    assert show_client("financeapp") == list_clients()[0]


def test_an_operator_removes_what_somebody_else_wrote(world: World) -> None:
    add_tax_app(world)
    client_row().update(actions=[ClientRow.origins.set(f"{TAX_PAGE} https://evil.example")])
    remove_client("taxapp", by=OPERATOR, now=world.now)
    assert not show_client("taxapp").active


def test_a_change_whose_answer_got_lost_is_made_once(world: World) -> None:
    with lost_answers("UpdateItem") as sent:
        assert add_tax_app(world).active
    assert len(sent.bodies) == 2


def test_where_people_and_the_news_of_a_logout_go_stays_on_record_and_under_the_mac(world: World) -> None:
    add_clients(world)
    kept = show_client(SHOP)
    assert (kept.post_logout_redirect_uris, kept.backchannel_logout_uri) == ((SHOP_BYE,), SHOP_HEARS)
    evil = "https://evil.example/"
    for attribute in (ClientRow.post_logout_redirect_uris, ClientRow.backchannel_logout_uri):
        row = client_row(SHOP)
        row.update(actions=[attribute.set(evil)])
        forget_clients()
        assert find_client(SHOP, now=world.now) is None
        row.update(
            actions=[attribute.set(SHOP_BYE if attribute is ClientRow.post_logout_redirect_uris else SHOP_HEARS)]
        )
    forget_clients()
    assert find_client(SHOP, now=world.now) is not None


def test_how_a_client_asks_phones_by_itself_stays_on_record_and_under_the_mac(world: World) -> None:
    add_clients(world)
    asks = Backchannel(PING, "https://shop.example.test/ping", pending=2, per_hour=50, tells_unknown_user=True)
    add_client(replace(show_client(SHOP), id="backend", backchannel=asks), by=OPERATOR, now=world.now)
    assert show_client("backend").backchannel == asks
    assert show_client(SHOP).backchannel is None
    written = str(Backchannel(PING, "https://evil.example/", pending=5, per_hour=1_000_000))
    for action in (ClientRow.backchannel.set(written), ClientRow.backchannel.remove()):
        client_row("backend").update(actions=[action])
        forget_clients()
        assert find_client("backend", now=world.now) is None
