"""Pings: the client hears that there is something to ask for, and nothing else, once the phone has decided."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from ping import handler
from ping.step import tell_client
from smartident.ciba.kept_request import BackchannelRequestRow, row_of
from smartident.clients.changes import add_client, remove_client, show_client
from smartident.clients.client_cache import forget_clients
from smartident.errors import Refusal
from smartident.outbound.post import Answer, NotDelivered
from smartident.pings.outbox import PingRow
from tests.support.ciba_flow import NOTIFICATION_TOKEN, PING_URI, PINGED, BackEnd, approve, deny, pinged
from tests.support.oidc_flow import OPERATOR
from tests.support.postman import queued
from tests.support.stored_items import items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.world import Phone, World


@dataclass
class ClientServer:
    """The client's server on paper: what came to it, and what it answers."""

    world: World
    status: int = 204
    fails: bool = False
    heard: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Take a ping."""
        if self.fails:
            raise NotDelivered("nobody there")
        self.heard.append((url, json.loads(body), dict(headers)))
        return Answer(self.status, None)

    def round(self) -> list[str]:
        """The stream brings every ping once; the state of each, or the code of its refusal."""
        return [self.bring(*key) for key in pings()]

    def bring(self, account_id: str, sort_key: str) -> str:
        """The stream brings one."""
        try:
            tell_client(account_id, sort_key, post=self.post, now=self.world.now)
        except Refusal as refusal:
            return refusal.code
        return PingRow.get(account_id, sort_key).state


def pings() -> list[tuple[str, str]]:
    return sorted((one["pk"]["S"], one["sk"]["S"]) for one in items() if one["kind"]["S"] == "ping")


@pytest.fixture
def server(world: World) -> ClientServer:
    return ClientServer(world)


def again(world: World, **changes: object) -> None:
    """The operator says otherwise about the client that is pinged."""
    client = show_client(PINGED)
    assert client.backchannel is not None
    remove_client(PINGED, by=OPERATOR, now=world.now)
    changed = replace(client.backchannel, **changes)  # type: ignore[arg-type]  # each of its own type
    add_client(replace(client, backchannel=changed), by=OPERATOR, now=world.now)
    forget_clients()


def test_ping_with_auth_req_id_and_bearer_token_after_approval(
    world: World, server: ClientServer, phone: Phone
) -> None:
    back_end = pinged(world)
    begun = back_end.ask()[2]
    assert server.round() == []
    approve(world, phone, begun)
    assert server.round() == ["sent"]
    ((url, body, headers),) = server.heard
    assert (url, body) == (PING_URI, {"auth_req_id": begun["auth_req_id"]})
    assert headers == {"Content-Type": "application/json", "Authorization": f"Bearer {NOTIFICATION_TOKEN}"}
    assert back_end.poll(begun["auth_req_id"])[0] == 200


@pytest.mark.parametrize("reason", ["not_me", "changed_my_mind"])
def test_ping_after_the_user_rejects(world: World, server: ClientServer, phone: Phone, reason: str) -> None:
    begun = pinged(world).ask()[2]
    deny(world, phone, reason)
    assert server.round() == ["sent"]
    assert pinged(world).error(begun["auth_req_id"]) == "access_denied"


def test_a_wrong_transfer_code_is_a_denial_that_pings(world: World, server: ClientServer, phone: Phone) -> None:
    begun = pinged(world).ask()[2]
    approve(world, phone, begun, f"{(int(begun['transfer_code'].replace(' ', '')) + 1) % 10**6:06}")
    assert server.round() == ["sent"]


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404])
def test_client_notification_endpoint_that_redirects_or_refuses_is_not_asked_again(
    world: World, server: ClientServer, phone: Phone, status: int
) -> None:
    server.status = status
    begun = pinged(world).approved(phone)
    assert server.round() == ["refused"]
    assert server.round() == ["refused"]
    assert len(server.heard) == 1
    assert pinged(world).poll(begun["auth_req_id"])[0] == 200


@pytest.mark.parametrize("status", [500, 503, 429, 408, None])
def test_a_server_that_is_busy_or_away_is_asked_again_while_it_helps(
    world: World, server: ClientServer, phone: Phone, status: int | None
) -> None:
    server.status, server.fails = status or 0, status is None
    pinged(world).approved(phone)
    assert server.round() == ["service_unavailable"]
    server.status, server.fails = 200, False
    assert server.round() == ["sent"]
    world.later(301)
    PingRow(*pings()[0]).update(actions=[PingRow.state.set("pending")])
    assert server.round() == ["pending"]


def test_a_ping_is_sent_once_however_often_the_stream_brings_it(
    world: World, server: ClientServer, phone: Phone
) -> None:
    pinged(world).approved(phone)
    assert [*server.round(), *server.round()] == ["sent", "sent"]
    assert len(server.heard) == 1
    assert server.bring(*pings()[0]) == "sent"
    tell_client("nobody", "PING#8199999999x#approved", post=server.post, now=world.now)
    assert len(server.heard) == 1


def test_a_client_that_polls_is_never_pinged(back_end: BackEnd, phone: Phone) -> None:
    back_end.approved(phone)
    assert pings() == []


@pytest.mark.parametrize("changes", [{"delivery": "poll"}, {"notification_endpoint": None}], ids=str)
def test_a_client_that_wants_no_pings_any_more_gets_none(
    world: World, server: ClientServer, phone: Phone, changes: dict[str, str | None]
) -> None:
    pinged(world).approved(phone)
    again(world, **changes)
    assert server.round() == ["refused"]
    assert server.heard == []


def test_a_removed_client_gets_no_ping(world: World, server: ClientServer, phone: Phone) -> None:
    pinged(world).approved(phone)
    remove_client(PINGED, by=OPERATOR, now=world.now)
    forget_clients()
    assert server.round() == ["refused"]


@pytest.mark.parametrize("endpoint", ["http://bank.example.test/", "https://10.0.0.1/", "https://metadata.internal/"])
def test_no_ping_leads_into_anybodys_network(world: World, server: ClientServer, phone: Phone, endpoint: str) -> None:
    pinged(world).approved(phone)
    again(world, notification_endpoint=endpoint)
    assert server.round() == ["refused"]
    assert server.heard == []


def test_who_writes_the_table_sends_no_ping_of_his_own(world: World, server: ClientServer, phone: Phone) -> None:
    begun = pinged(world).approved(phone)
    row_of(begun["auth_req_id"]).update(actions=[BackchannelRequestRow.notification_token.set("x" * 22)])
    assert server.round() == ["refused"]
    row_of(begun["auth_req_id"]).delete()
    PingRow(*pings()[0]).update(actions=[PingRow.state.set("pending")])
    assert server.round() == ["refused"]
    assert server.heard == []


def test_the_stream_has_the_function_ping(
    world: World, server: ClientServer, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinged(world).approved(phone)
    monkeypatch.setattr(handler, "post", server.post)
    server.fails = True
    assert world.answer("ping.handler.handler", queued(*pings()))["batchItemFailures"]
    server.fails = False
    assert world.answer("ping.handler.handler", queued(*pings())) == {"batchItemFailures": []}
    assert [url for url, _, _ in server.heard] == [PING_URI]
