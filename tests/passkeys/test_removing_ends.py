"""A passkey that is removed was somebody's for a while: what began by it ends, as without a phone that is removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smartident.errors import FreshLoginRequired
from smartident.passkeys import remove
from smartident.passkeys.passkey import passkey_id_of
from smartident_client import base64url
from tests.support.login_passkey import LoginPasskey, listed, made, options, removed, signed_in
from tests.support.oidc_flow import SHOP, Flow, add_clients
from tests.support.world import URL, World

if TYPE_CHECKING:
    from tests.support.scenarios import Scene


@pytest.fixture
def flow(world: World) -> Flow:
    """A browser at a client that may refresh; the provider keeps it signed in."""
    world.stop_the_clock()
    add_clients(world)
    world.set(SESSION_LIFETIME=36_000)
    return Flow(world, changes={"scope": "openid offline_access"})


def id_of(passkey: LoginPasskey) -> str:
    return passkey_id_of(base64url.encode(passkey.credential_id))


def by_passkey(flow: Flow, passkey: LoginPasskey) -> dict[str, Any]:
    """The tokens of a login, after which the browser stays signed in."""
    interaction = flow.interaction()
    ask = {"assertion": replace(passkey, origin=URL).get(options(flow.world)), "client_id": SHOP}
    begun = flow.world.http("POST", "/v1/passkeys/login", ask, headers={"origin": URL})[2]
    code = flow.heard(flow.finish(interaction, begun)[1]["redirect_to"])["code"]
    flow.stay()
    tokens: dict[str, Any] = flow.token(code)[2]
    return tokens


def test_sessions_and_tokens_of_a_passkey_end_when_it_is_removed(
    world: World, scene: Scene, session: str, flow: Flow, passkey: LoginPasskey
) -> None:
    """Whoever has the laptop is out, and the phone is as good as before, with what it approved or may approve."""
    tokens = by_passkey(flow, passkey)
    assert "code" in flow.silently(prompt="none")
    waiting, approved = world.start(scene.anna), world.start(scene.anna)
    world.approve(scene.phone, approved)
    removed(world, session, id_of(passkey))
    assert world.complete(approved)
    assert flow.silently(prompt="none")["error"] == "login_required"
    assert flow.userinfo(tokens["access_token"])[0] == 401
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"
    assert listed(world, signed_in(world, scene.phone, waiting))["passkeys"] == []


def test_one_that_nobody_used_ends_nothing_but_itself(
    world: World, scene: Scene, session: str, flow: Flow, passkey: LoginPasskey
) -> None:
    flow.answered(scene.anna, scene.phone)
    flow.stay()
    removed(world, session, id_of(passkey))
    assert "code" in flow.silently(prompt="none")
    assert listed(world, session)["passkeys"] == []


def test_asked_again_after_it_ended_this_very_login_it_changes_nothing(
    world: World, session: str, flow: Flow, passkey: LoginPasskey
) -> None:
    other = made(world, session)
    by_passkey(flow, passkey)
    for _ in range(2):
        removed(world, session, id_of(passkey))
    for unknown in (id_of(other), "unknown"):
        with pytest.raises(FreshLoginRequired):
            removed(world, session, unknown)
    by_passkey(flow, other)


def test_one_that_is_used_while_it_is_removed_ends_too(
    world: World, session: str, flow: Flow, passkey: LoginPasskey, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, tokens = remove.__dict__["read_passkeys"], dict[str, Any]()

    def meanwhile(account: Any) -> Any:
        found = genuine(account)
        monkeypatch.setattr(remove, "read_passkeys", genuine)
        tokens.update(by_passkey(flow, passkey))
        return found

    monkeypatch.setattr(remove, "read_passkeys", meanwhile)
    removed(world, session, id_of(passkey))
    assert flow.refresh(tokens["refresh_token"])[2]["error"] == "invalid_grant"


def test_logins_that_it_approved_beyond_what_a_transaction_holds_end_as_well(
    world: World, session: str, flow: Flow, passkey: LoginPasskey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remove, "MAX_LOGINS", 1)
    interaction = flow.interaction()
    ask = [{"assertion": replace(passkey, origin=URL).get(options(world)), "client_id": SHOP} for _ in range(3)]
    begun = [world.http("POST", "/v1/passkeys/login", one, headers={"origin": URL})[2] for one in ask]
    removed(world, session, id_of(passkey))
    assert sorted(flow.finish(interaction, one)[0] for one in begun) == [403, 404, 404]
