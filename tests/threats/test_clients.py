"""Threats against clients: a page that asks for another client's token, and a client that somebody wrote by hand."""

from __future__ import annotations

from typing import Any

import pytest
from pynamodb.attributes import BooleanAttribute, NumberAttribute

from smartident.clients.backchannel import Backchannel
from smartident.clients.changes import remove_client
from smartident.clients.client import ClientRow, client_mac, client_of
from smartident.clients.client_cache import find_client, forget_clients
from smartident.errors import InvalidRequest, OriginRefused
from smartident.storage import client_keys
from tests.support.ciba_flow import BACKEND, PINGED, add_back_ends
from tests.support.log_lines import logged
from tests.support.oidc_flow import BANK, SHOP, SPA, add_clients
from tests.support.tax_app import OPERATOR, TAX_PAGE, add_tax_app, client_row, page_logs_in
from tests.support.world import ORIGIN, PASSWORD, World

EVIL = "https://evil.example"


@pytest.mark.parametrize(
    ("page", "client_id"),
    [(ORIGIN, "taxapp"), (TAX_PAGE, "financeapp"), (TAX_PAGE, None)],
    ids=["the other's by its name", "the template's by its name", "the template's by saying nothing"],
)
def test_compromised_page_of_one_client_cannot_ask_for_a_token_of_another(
    world: World, page: str, client_id: str | None
) -> None:
    """Both pages may call the API; each only for its own client."""
    add_tax_app(world)
    jonas = world.account(two_factor=False)
    with pytest.raises(OriginRefused):
        page_logs_in(world, jonas, page=page, client_id=client_id)
    ask = {"identifier": jonas.number, "password": PASSWORD} | ({"client_id": client_id} if client_id else {})
    status, _, body = world.http("POST", "/v1/logins", ask, headers={"origin": page})
    assert (status, body["code"]) == (403, "origin_refused")


def test_page_logs_in_to_its_own_client_and_is_sent_to_its_own_address(world: World) -> None:
    add_tax_app(world)
    jonas = world.account(two_factor=False)
    started = page_logs_in(world, jonas, page=TAX_PAGE, client_id="taxapp")
    assert world.complete(started)["redirect_to"] == f"{TAX_PAGE}/home"
    assert page_logs_in(world, jonas, page=ORIGIN).login.client == "financeapp"


def test_origin_that_cors_does_not_let_in_gets_in_by_no_client(world: World) -> None:
    add_tax_app(world, origins=(TAX_PAGE, EVIL))
    with pytest.raises(OriginRefused):
        page_logs_in(world, world.account(two_factor=False), page=EVIL, client_id="taxapp")


def forged(**changes: Any) -> None:
    """What somebody who may write the table, but has not the pepper, makes of the client."""
    row = client_row()
    row.update(actions=[getattr(ClientRow, name).set(value) for name, value in changes.items()])
    forget_clients()


@pytest.mark.parametrize(
    "changes",
    [
        {"origins": f"{TAX_PAGE} {EVIL}"},
        {"redirect_uris": f"{EVIL}/home"},
        {"name": "FinanceApp"},
        {"changed_by": "somebody else"},
        {"changed_at": 1},
        {"mac": ""},
        {"mac": "A" * 22},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_insider_without_the_pepper_alters_a_client_and_nobody_gets_in(world: World, changes: dict[str, Any]) -> None:
    add_tax_app(world)
    forged(**changes)
    jonas = world.account(two_factor=False)
    with logged() as log, pytest.raises(InvalidRequest):
        page_logs_in(world, jonas, page=TAX_PAGE, client_id="taxapp")
    assert [(one["event"], one["reason"]) for one in log.lines("event")] == [("grant_refused", "client")]


def other_member(row: ClientRow, name: str) -> Any:
    """Another value of a member that the client may not have."""
    held = getattr(row, name)
    if isinstance(getattr(ClientRow, name), BooleanAttribute):
        return not held
    if isinstance(getattr(ClientRow, name), NumberAttribute):
        return held + 1
    if name == "backchannel" and held is None:
        return str(Backchannel(issues_enrolment_codes=True))
    return f"{held or ''}x"


@pytest.mark.parametrize("client_id", ["taxapp", SHOP, BANK, SPA, BACKEND, PINGED])
def test_insider_without_the_pepper_alters_or_adds_no_member_of_any_client(world: World, client_id: str) -> None:
    """Where a client without OAuth sends people after a log-out is a member like any other."""
    add_clients(world)
    add_back_ends(world, issues_enrolment_codes=True)
    add_tax_app(world)
    kept = client_row(client_id)
    for name in kept.get_attributes().keys() - {"pk", "sk", "kind", "ttl"}:
        client_row(client_id).update(actions=[getattr(ClientRow, name).set(other_member(kept, name))])
        forget_clients()
        with logged() as log:
            assert find_client(client_id, now=world.now) is None, name
        assert [(one["event"], one["reason"]) for one in log.lines("event")] == [("grant_refused", "client")]
        kept.save()
    forget_clients()
    assert find_client(client_id, now=world.now) is not None


def test_insider_without_the_pepper_puts_a_client_of_his_own(world: World) -> None:
    add_tax_app(world)
    like = client_row()
    members = {name: getattr(like, name) for name in like.get_attributes() if name not in {"pk", "sk", "kind"}}
    ClientRow(*client_keys.client("evilapp"), **members).save()
    jonas = world.account(two_factor=False)
    with logged() as log, pytest.raises(InvalidRequest):
        page_logs_in(world, jonas, page=TAX_PAGE, client_id="evilapp")
    assert len(log.lines("event")) == 1


def test_insider_without_the_pepper_activates_a_client_that_was_removed(world: World) -> None:
    add_tax_app(world)
    remove_client("taxapp", by=OPERATOR, now=world.now)
    forged(state="active")
    with pytest.raises(InvalidRequest):
        page_logs_in(world, world.account(two_factor=False), page=TAX_PAGE, client_id="taxapp")


def test_insider_without_the_pepper_moves_the_address_of_a_login_that_waits(world: World) -> None:
    add_tax_app(world)
    started = page_logs_in(world, world.account(two_factor=False), page=TAX_PAGE, client_id="taxapp")
    forged(redirect_uris=f"{EVIL}/home")
    path, bearer = f"/v1/logins/{started.login.id}/complete", {"authorization": f"Bearer {started.token}"}
    world.stop_the_clock()
    assert world.http("POST", path, headers=bearer)[0] == 404


def test_members_of_a_client_cannot_be_moved_into_one_another(world: World) -> None:
    """An origin is no redirect URI, and two of one are not one of two."""
    client = add_tax_app(world)
    macs = {
        client_mac(client),
        client_mac(client_of(ClientRow(*client_keys.client("taxapp"), **shifted(client_row())))),
    }
    assert len(macs) == 2


def shifted(row: ClientRow) -> dict[str, Any]:
    first, *rest = row.redirect_uris.split()
    members = {"state": row.state, "name": row.name, "changed_by": row.changed_by, "changed_at": row.changed_at}
    return {**members, "origins": f"{row.origins} {first}", "redirect_uris": " ".join(rest), "mac": row.mac}
