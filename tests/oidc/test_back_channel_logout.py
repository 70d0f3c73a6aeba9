"""Clients hear that a session ended: the conformance suite's back-channel plan, and what may go wrong on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from back_channel_logout.step import MAX_POSTS, tell_clients
from smartident.admin.change import change_password
from smartident.clients.changes import add_client, remove_client
from smartident.clients.client import Client
from smartident.clients.client_cache import forget_clients
from smartident.devices.revoke import revoke
from smartident.errors import ServiceUnavailable
from smartident.freeze.freeze import freeze_account
from smartident.outbound.post import NotDelivered
from smartident.sessions.logout_outbox import CLAIM_SECONDS, LogoutRow, session_ended
from smartident.sessions.session import SessionRow
from smartident.storage.writes import write
from tests.support.oidc_flow import (
    OPERATOR,
    SHOP,
    SHOP_HEARS,
    SPA,
    SPA_URI,
    Flow,
    claims_of,
    log_out,
)
from tests.support.paper_post import PaperPost, logouts
from tests.support.postman import queued
from tests.support.world import URL

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def post() -> PaperPost:
    return PaperPost()


@pytest.fixture
def claims(flow: Flow, anna: Account, phone: Phone) -> dict[str, Any]:
    told: dict[str, Any] = flow.token(flow.answered(anna, phone)["code"])[2]
    flow.stay()
    return {**claims_of(told["id_token"]), "token": told["id_token"]}


def rounds(world: World, post: PaperPost) -> list[str]:
    """Bring every logout once, oldest first; how each went."""
    return [bring(world, post, *key) for key in logouts()]


def bring(world: World, post: PaperPost, account_id: str, sort_key: str) -> str:
    try:
        tell_clients(account_id, sort_key, post=post, now=world.now)
    except ServiceUnavailable:
        return "again"
    return "done"


def row() -> LogoutRow:
    ((account_id, sort_key),) = logouts()
    return LogoutRow.get(account_id, sort_key, consistent_read=True)


def test_oidcc_backchannel_rp_initiated_logout(
    world: World, flow: Flow, anna: Account, post: PaperPost, claims: dict[str, Any]
) -> None:
    log_out(flow, id_token_hint=claims["token"])
    assert rounds(world, post) == ["done"]
    ((url, header, told),) = post.heard
    assert (url, header["typ"], header["alg"]) == (SHOP_HEARS, "logout+jwt", "ES256")
    assert header["kid"]
    jti = told.pop("jti")
    assert jti
    assert told == {
        "iss": URL,
        "aud": SHOP,
        "sub": anna.id,
        "sid": claims["sid"],
        "iat": world.now,
        "exp": world.now + 120,
        "events": {EVENT: {}},
    }


def test_oidcc_discovery_endpoint_verification(world: World) -> None:
    told = world.http("GET", "/.well-known/openid-configuration")[2]
    assert (told["backchannel_logout_supported"], told["backchannel_logout_session_supported"]) == (True, True)


def test_a_logout_is_told_once_however_often_the_stream_brings_it(
    world: World, flow: Flow, post: PaperPost, claims: dict[str, Any]
) -> None:
    log_out(flow, id_token_hint=claims["token"])
    assert [*rounds(world, post), *rounds(world, post)] == ["done", "done"]
    assert len(post.heard) == 1


def test_every_client_of_the_session_hears_that_has_an_address(
    world: World, flow: Flow, post: PaperPost, claims: dict[str, Any]
) -> None:
    add_client(
        Client("post", "Post", (URL,), (SPA_URI,), auth_method="none", backchannel_logout_uri="https://post.example/b"),
        by=OPERATOR,
        now=world.now,
    )
    for client_id in (SPA, "post"):
        assert "code" in Flow(world, client_id, SPA_URI, session=flow.session).silently()
    log_out(flow, id_token_hint=claims["token"])
    assert rounds(world, post) == ["done"]
    assert {told["aud"] for _, _, told in post.heard} == {SHOP, "post"}
    assert len({told["jti"] for _, _, told in post.heard}) == 2


def test_who_hears_of_it_too_late_is_told_again_and_the_others_are_not(
    world: World, flow: Flow, post: PaperPost, claims: dict[str, Any]
) -> None:
    late = "https://late.example/b"
    add_client(
        Client("late", "Spät", (URL,), (SPA_URI,), auth_method="none", backchannel_logout_uri=late),
        by=OPERATOR,
        now=world.now,
    )
    assert "code" in Flow(world, "late", SPA_URI, session=flow.session).silently()
    log_out(flow, id_token_hint=claims["token"])
    for passing in (NotDelivered("timeout"), 503, 429):
        post.answers[late] = passing
        assert rounds(world, post) == ["again"]
    post.answers[late] = 204
    assert rounds(world, post) == ["done"]
    assert [told["aud"] for _, _, told in post.heard] == ["late", SHOP, "late", "late", "late"]
    assert len({told["jti"] for _, _, told in post.heard if told["aud"] == "late"}) == 1


@pytest.mark.parametrize("answer", [400, 404, 302])
def test_a_client_that_declines_is_not_asked_again(
    world: World, flow: Flow, post: PaperPost, claims: dict[str, Any], answer: int
) -> None:
    post.answers[SHOP_HEARS] = answer
    log_out(flow, id_token_hint=claims["token"])
    assert [*rounds(world, post), *rounds(world, post)] == ["done", "done"]
    assert len(post.heard) == 1
    assert row().untold == {f"{claims['sid'].partition('.')[2]}/{SHOP}"}
    assert row().told is None


def test_ssrf_an_address_inside_a_network_is_never_called(
    world: World, flow: Flow, claims: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was checked when it was stored; an item that came in otherwise is checked again."""
    nobody = PaperPost()
    monkeypatch.setattr("smartident.outbound.address.SPECIAL_NAMES", ("example",))
    log_out(flow, id_token_hint=claims["token"])
    assert rounds(world, nobody) == ["done"]
    assert nobody.heard == []
    assert row().untold is not None


def test_while_kms_does_not_sign_nobody_is_told_and_later_everybody_is(
    world: World, flow: Flow, post: PaperPost, claims: dict[str, Any]
) -> None:
    log_out(flow, id_token_hint=claims["token"])
    world.aws.fails("Sign", "KMSInternalException", status=500)
    assert rounds(world, post) == ["again"]
    world.aws.mends()
    assert rounds(world, post) == ["done"]
    assert len(post.heard) == 1


@pytest.mark.parametrize(
    "ends",
    [
        lambda world, anna, _: freeze_account(anna.id, operator="petra", now=world.now),
        lambda world, anna, _: change_password(anna.id, "Neu-Wort-4711", now=world.now),
        lambda world, anna, phone: revoke(anna.id, phone.key.thumbprint, by=None, now=world.now),
    ],
    ids=["frozen", "new password", "phone revoked"],
)
def test_what_ends_all_sessions_is_told_of_each_of_them(
    world: World, anna: Account, phone: Phone, post: PaperPost, ends: Callable[[World, Account, Phone], None]
) -> None:
    told = [Flow(world) for _ in range(2)]
    for flow in told:
        flow.token(flow.answered(anna, phone)["code"])
    (gone,) = [told.pop()]
    gone.stay()
    fields = log_out(gone).fields
    log_out(gone, method="POST", **fields)
    ends(world, anna, phone)
    assert rounds(world, post) == ["done", "done"]
    assert len(post.heard) == 2
    assert len({one["sid"] for _, _, one in post.heard}) == 2
    ends_again = logouts()
    change_password(anna.id, "Noch-Neuer-4711", now=world.now)
    for key in set(logouts()) - set(ends_again):
        assert bring(world, post, *key) == "done"
    assert len(post.heard) == 2


def test_news_of_a_session_that_goes_on_is_told_to_nobody(
    world: World, flow: Flow, anna: Account, post: PaperPost, claims: dict[str, Any]
) -> None:
    """Who can only write the table signs nobody out."""
    part = claims["sid"].partition(".")[2]
    write(session_ended(anna.id, part, now=world.now), on_conflict=lambda _: None)
    forged = row()
    assert rounds(world, post) == ["done"]
    forged.update(actions=[LogoutRow.state.set("pending"), LogoutRow.session.remove(), LogoutRow.ended_epoch.set(0)])
    world.later(CLAIM_SECONDS)
    assert rounds(world, post) == ["done"]
    forged.update(actions=[LogoutRow.state.set("pending"), LogoutRow.ended_epoch.remove()])
    world.later(CLAIM_SECONDS)
    assert rounds(world, post) == ["done"]
    assert post.heard == []
    assert "code" in flow.silently(prompt="none")


def test_a_removed_client_hears_nothing(world: World, flow: Flow, post: PaperPost, claims: dict[str, Any]) -> None:
    log_out(flow, id_token_hint=claims["token"])
    remove_client(SHOP, by=OPERATOR, now=world.now)
    forget_clients()
    assert rounds(world, post) == ["done"]
    assert post.heard == []


def test_more_than_one_run_can_tell_are_told_by_the_next(
    world: World, flow: Flow, anna: Account, post: PaperPost, claims: dict[str, Any]
) -> None:
    for place in range(MAX_POSTS):
        uri = f"https://c{place}.example/b"
        client = Client(f"c{place}", "C", (URL,), (SPA_URI,), auth_method="none", backchannel_logout_uri=uri)
        add_client(client, by=OPERATOR, now=world.now)
        assert "code" in Flow(world, f"c{place}", SPA_URI, session=flow.session).silently()
    assert len(SessionRow.get(anna.id, f"SESSION#{claims['sid'].partition('.')[2]}").clients) == MAX_POSTS + 1
    log_out(flow, id_token_hint=claims["token"])
    assert rounds(world, post) == ["again"]
    assert len(post.heard) == MAX_POSTS
    assert rounds(world, post) == ["done"]
    assert len({told["aud"] for _, _, told in post.heard}) == len(post.heard) == MAX_POSTS + 1


def test_one_worker_at_a_time_tells_a_logout(world: World, flow: Flow, post: PaperPost, claims: dict[str, Any]) -> None:
    log_out(flow, id_token_hint=claims["token"])
    ((account_id, sort_key),) = logouts()
    world.aws.before("Sign", lambda: outcomes.append(bring(world, post, account_id, sort_key)), after=0)
    outcomes: list[str] = []
    assert bring(world, post, account_id, sort_key) == "done"
    assert (outcomes, len(post.heard)) == (["again"], 1)


def test_a_worker_that_was_overtaken_marks_nothing(
    world: World, flow: Flow, post: PaperPost, claims: dict[str, Any]
) -> None:
    log_out(flow, id_token_hint=claims["token"])
    ((account_id, sort_key),) = logouts()

    def overtake() -> None:
        world.later(CLAIM_SECONDS)
        outcomes.append(bring(world, post, account_id, sort_key))

    outcomes: list[str] = []
    world.aws.before("Sign", overtake, after=0)
    assert bring(world, post, account_id, sort_key) == "again"
    assert outcomes == ["done"]
    assert len(post.heard) == 2


def test_what_was_cleaned_up_meanwhile_is_told_to_nobody(world: World, post: PaperPost, anna: Account) -> None:
    assert bring(world, post, anna.id, "LOGOUT#x") == "done"


def test_the_stream_brings_the_logout_to_the_function(
    world: World, flow: Flow, claims: dict[str, Any], post: PaperPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("back_channel_logout.handler.post", post)
    log_out(flow, id_token_hint=claims["token"])
    assert world.answer("back_channel_logout.handler.handler", queued(*logouts())) == {"batchItemFailures": []}
    assert len(post.heard) == 1
